// The simplest mapping that gives what okta-map gives, in Node.js: groups, and users with their memberships.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const users = [];
const groups = new Map();
const of = new Map();
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const record = JSON.parse(line);
  if (record.kind === 'OktaUser') {
    const { id, profile: { login, email, displayName } } = record.user;
    users.push({ id, login, email, displayName });
  } else if (record.kind === 'OktaGroup') {
    const { id, type, profile: { name, description } } = record.group;
    groups.set(id, { id, type, title: name, description, name: name.toLowerCase().replace(/[^a-z0-9]+/g, '-') });
  } else if (record.kind === 'OktaMembers') {
    for (const id of record.userIds) {
      if (of.has(id)) of.get(id).push(record.groupId);
      else of.set(id, [record.groupId]);
    }
  }
}
const apiVersion = 'backstage.io/v1alpha1';
function* entities() {
  for (const { id, type, title, description, name } of groups.values()) {
    const annotations = { 'okta.com/group-id': id, 'okta.com/group-type': type };
    yield { apiVersion, kind: 'Group', metadata: { name, title, description, annotations }, spec: { type: 'group', profile: { displayName: title }, children: [] } };
  }
  for (const { id, login, email, displayName } of users) {
    const annotations = { 'okta.com/user-id': id, 'okta.com/login': login, 'okta.com/email': email };
    const memberOf = (of.get(id) ?? []).map(group => `group:default/${groups.get(group).name}`);
    yield { apiVersion, kind: 'User', metadata: { name: email.split('@')[0], title: displayName, annotations }, spec: { profile: { displayName, email }, memberOf } };
  }
}
let lines = [];
for (const entity of entities()) {
  lines.push(JSON.stringify(entity));
  if (lines.length === 1000) {
    process.stdout.write(`${lines.join('\n')}\n`);
    lines = [];
  }
}
process.stdout.write(`${lines.join('\n')}\n`);
