import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { entities, random, write } from './generate.mjs';

const {
  DefaultNamespaceEntityPolicy, EntityPolicies, FieldFormatEntityPolicy, NoForeignRootFieldsEntityPolicy, SchemaValidEntityPolicy,
  apiEntityV1alpha1Validator, componentEntityV1alpha1Validator, domainEntityV1alpha1Validator, groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator, resourceEntityV1alpha1Validator, systemEntityV1alpha1Validator, userEntityV1alpha1Validator,
  parseEntityRef, stringifyEntityRef,
} = createRequire(import.meta.url)('@backstage/catalog-model');

const validators = {
  API: apiEntityV1alpha1Validator, Component: componentEntityV1alpha1Validator, Domain: domainEntityV1alpha1Validator,
  Group: groupEntityV1alpha1Validator, Location: locationEntityV1alpha1Validator, Resource: resourceEntityV1alpha1Validator,
  System: systemEntityV1alpha1Validator, User: userEntityV1alpha1Validator,
};
// The refs that the catalog's BuiltinKindsEntityProcessor parses, and what they mean without a kind.
const refs = {
  User: { memberOf: 'Group' }, Group: { parent: 'Group', children: 'Group', members: 'User' },
  Component: { owner: 'Group', subcomponentOf: 'Component', providesApis: 'API', consumesApis: 'API', dependsOn: undefined, system: 'System' },
  API: { owner: 'Group', system: 'System' }, Resource: { owner: 'Group', dependsOn: undefined, system: 'System' },
  System: { owner: 'Group', domain: 'Domain' }, Domain: { owner: 'Group', subdomainOf: 'Domain' }, Location: {},
};
const bin = process.argv[2];
const work = mkdtempSync(join(tmpdir(), 'judge-'));
const policy = EntityPolicies.allOf([
  new SchemaValidEntityPolicy(), new DefaultNamespaceEntityPolicy(), new NoForeignRootFieldsEntityPolicy(), new FieldFormatEntityPolicy(),
]);
let count = 0;
const verdict = (good, name, why = '') => {
  count += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name}${good ? '' : `\n# ${why}`}`);
};

async function backstageTakes(entity) {
  try {
    const named = await policy.enforce(structuredClone(entity));
    // Another kind may have a processor of its own; one of these in other letters has none.
    const known = Object.keys(validators).find(kind => kind.toLowerCase() === entity.kind.toLowerCase());
    if (!known) return true;
    if (!(await validators[known].check(structuredClone(entity)))) return false;
    for (const [field, defaultKind] of Object.entries(refs[entity.kind]))
      for (const ref of [named.spec[field] ?? []].flat()) parseEntityRef(ref, { defaultKind, defaultNamespace: named.metadata.namespace });
    return true;
  } catch {
    return false;
  }
}

function emitTakes(entity) {
  const file = join(work, 'one.ndjson');
  writeFileSync(file, `${JSON.stringify(entity)}\n{"kind":"End"}\n`);
  return spawnSync(join(bin, 'catalog-emit'), ['-q', '--strict', file]).status === 0;
}

const user = () => ({ apiVersion: 'backstage.io/v1alpha1', kind: 'User', metadata: { name: 'ana' }, spec: { memberOf: [] } });
const group = () => ({ apiVersion: 'backstage.io/v1alpha1', kind: 'Group', metadata: { name: 'web' }, spec: { type: 'team', children: [] } });
const long = 'a'.repeat(64);
const names = ['a', 'A.b-c_d', 'a--b', 'a.', '.a', '-a', 'a-', '_a', '', ' ', 'a b', 'é', long, long.slice(1), 'a/b', 'a:b', 5, null, '1'];
const keys = ['a', 'a/b', 'a.b/c', 'A.b/c', 'a/b/c', '/b', 'a/', 'a b/c', 'a_b/c', `${'a'.repeat(63)}.b/c`, `${'a'.repeat(64)}/c`, 'x$', '', 'a.b/C_d'];
const values = ['', 'x', 'x y', 'x@y', long, null, 1, true];
const changes = [];
for (const make of [user, group]) {
  const add = change => changes.push([make, change]);
  for (const v of names) add(e => { e.metadata.name = v; });
  for (const v of ['default', 'a-b', 'A', 'a_b', 'a--b', '-a', '', long, null]) add(e => { e.metadata.namespace = v; });
  for (const v of values) {
    add(e => { e.metadata.title = v; });
    add(e => { e.metadata.description = v; });
    add(e => { e.metadata.labels = { k: v }; });
    add(e => { e.metadata.annotations = { k: v }; });
    add(e => { e.spec.profile = { displayName: v }; });
    add(e => { e.spec.profile = { email: v }; });
    add(e => { e.spec.profile = { picture: v }; });
    add(e => { e.metadata.links = [{ url: 'https://a', title: v }]; });
  }
  for (const k of keys) {
    add(e => { e.metadata.annotations = { [k]: 'v' }; });
    add(e => { e.metadata.labels = { [k]: 'v' }; });
  }
  for (const t of ['a', 'a-b', 'a--b', 'A', 'a:b', 'c++', 'c#', '-a', 'a-', '', long, 'a b']) add(e => { e.metadata.tags = [t]; });
  for (const u of ['https://a.b/c', 'mailto:x@y', 'a', '', '/a', 'https://']) add(e => { e.metadata.links = [{ url: u }]; });
  add(e => { e.metadata.links = [{ title: 'x' }]; });
  add(e => { e.foreign = 1; });
  add(e => { e.metadata.more = { any: ['thing'] }; });
  add(e => { e.spec.more = 1; });
  add(e => { delete e.spec; });
  add(e => { delete e.metadata; });
  add(e => { delete e.apiVersion; });
  add(e => { delete e.metadata.name; });
  add(e => { e.apiVersion = 'backstage.io/v1beta1'; });
  add(e => { e.apiVersion = 'v1'; });
  add(e => { e.spec.profile = []; });
  for (const k of ['annotations', 'labels', 'tags', 'links']) for (const v of [{}, [], 'x', null]) add(e => { e.metadata[k] = v; });
}
for (const v of [[], ['web'], [''], [5], 'web', null, undefined]) {
  changes.push([user, e => { e.spec.memberOf = v; }]);
  changes.push([group, e => { e.spec.children = v; }]);
  if (v !== undefined) changes.push([group, e => { e.spec.members = v; }]);
}
for (const v of ['web', '', null, 5]) {
  changes.push([group, e => { e.spec.parent = v; }]);
  changes.push([group, e => { e.spec.type = v; }]);
}

let differ = 0;
for (const [make, change] of changes) {
  const entity = make();
  change(entity);
  const [theirs, ours] = [await backstageTakes(entity), emitTakes(entity)];
  if (theirs !== ours) {
    differ += 1;
    console.log(`# Backstage ${theirs ? 'takes' : 'refuses'}, catalog-emit ${ours ? 'takes' : 'refuses'}: ${JSON.stringify(entity).slice(0, 200)}`);
  }
}
verdict(differ === 0, `${changes.length} entities, valid and not, are judged alike`, `${differ} are not`);

// Thousands of others, each a line of a stream that is judged as a whole; entities of one ref go to different streams.
const COUNT = 12000;
const made = entities(20261124, COUNT);
const streams = [];
const alone = [];
for (const entity of made) {
  if (typeof entity.kind !== 'string') { alone.push(entity); continue; }
  const metadata = entity.metadata;
  const ref = `${entity.kind}:${typeof metadata.namespace === 'string' && metadata.namespace ? metadata.namespace : 'default'}/${metadata.name}`.toLowerCase();
  const stream = streams.find(s => !s.refs.has(ref)) ?? streams[streams.push({ refs: new Set(), entities: [] }) - 1];
  stream.refs.add(ref);
  stream.entities.push(entity);
}
const writer = random(7);
let good = 0;
differ = 0;
for (const stream of streams) {
  const file = join(work, 'many.ndjson');
  writeFileSync(file, `${stream.entities.map(entity => write(writer, entity)).join('\n')}\n{"kind":"End"}\n`);
  const ours = spawnSync(join(bin, 'catalog-emit'), ['--check', '--log-format', 'json', file], { maxBuffer: 1 << 28 });
  const refused = new Map();
  for (const line of ours.stderr.toString().trim().split('\n')) {
    const { message } = JSON.parse(line);
    const found = /line (\d+): .*would refuse it: (.*)/s.exec(message);
    if (found) refused.set(Number(found[1]), found[2]);
  }
  if (ours.status !== (refused.size ? 65 : 0)) { differ += 1; console.log(`# status ${ours.status}: ${ours.stderr.toString().slice(0, 300)}`); }
  for (const [n, entity] of stream.entities.entries()) {
    const theirs = await backstageTakes(entity);
    good += theirs;
    if (theirs === !refused.has(n + 1)) continue;
    differ += 1;
    if (differ < 20) console.log(`# Backstage ${theirs ? 'takes' : 'refuses'}, catalog-emit ${refused.get(n + 1) ?? 'takes'}: ${JSON.stringify(entity).slice(0, 400)}`);
  }
}
for (const entity of alone) differ += emitTakes(entity);
verdict(differ === 0 && good > COUNT / 4 && good < (COUNT * 3) / 4, `${COUNT} generated entities are judged alike, ${good} of them good`, `${differ} are not`);

// What okta-map makes of a strange org is all good for Backstage, and no ref comes twice.
execFileSync('python3', ['-B', '-c', `
import json, sys
sys.path.insert(0, "tests/okta-sim")
from people import Company
c = Company(800, 60, 11, "https://acme.okta.com")
print(json.dumps({"kind": "OktaOrg", "version": 1, "id": "default", "oktaUrl": "https://acme.okta.com"}))
for i in c.groups:
    print('{"kind":"OktaGroup","group":%s}' % c.text[i].decode())
    if c.members[i]: print(json.dumps({"kind": "OktaMembers", "groupId": i, "userIds": c.members[i]}))
for i in c.users: print('{"kind":"OktaUser","user":%s}' % c.text[i].decode())
print(json.dumps({"kind": "End", "groups": len(c.groups), "users": len(c.users), "memberships": sum(map(len, c.members.values()))}))
`], { stdio: ['ignore', (await import('node:fs')).openSync(join(work, 'org.ndjson'), 'w'), 'inherit'] });
// The deactivated are absent from a catalog.
const records = readFileSync(join(work, 'org.ndjson'), 'utf8').split('\n')
  .filter(line => /^."kind":"Okta(Group|User)"/.test(line) && !line.includes('"status":"DEPROVISIONED"')).length;
for (const rule of ['strip-domain-email', 'id', 'kebab-case-email', 'slugify-email']) {
  const out = execFileSync(join(bin, 'okta-map'), ['-q', '--user-name', rule, '--membership', 'both', join(work, 'org.ndjson')], { maxBuffer: 1 << 28 }).toString();
  const mapped = out.trim().split('\n').map(line => JSON.parse(line)).filter(e => e.kind !== 'End');
  const found = new Set(mapped.map(e => stringifyEntityRef(e)));
  const bad = [];
  for (const entity of mapped) if (!(await backstageTakes(entity))) bad.push(entity);
  verdict(bad.length === 0 && found.size === mapped.length && mapped.length === records, `${mapped.length} entities named by ${rule} are good, each ref once`,
    JSON.stringify(bad[0]) ?? `${found.size} refs of ${mapped.length}`);
}
console.log(`1..${count}`);
rmSync(work, { recursive: true });
