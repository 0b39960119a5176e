// Entities of every kind that Backstage has, and of others, valid and not quite: always the same for a seed.

export function random(seed) {
  let state = seed >>> 0;
  const next = () => { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = n => Math.floor(next() * n);
  const pick = list => list[below(list.length)];
  return { next, below, pick, often: share => next() < share };
}

const NAME = ['a', 'Z', '0', '9', 'ab', 'x-y', '-', '_', '.', '--', '..', 'A1'];
const ODD = [' ', '/', ':', '@', '+', '#', '$', '\u00e9', '\u7814', '\ud83d\ude00', '"', '\\', '\n', '\t', '\u2028', '\u00a0', '~', '%', ',', '\''];
const BLANKS = [' ', '  ', '\t', '\n', '\u00a0', '\u2003', '\u3000', '\ufeff', '\u200b', '\u180e', '\u0085', '\u2028'];

function text(r, pieces, most) {
  let out = '';
  for (let n = r.below(most); n > 0; n -= 1) out += r.often(0.06) ? r.pick(ODD) : r.pick(pieces);
  return out;
}
const name = r => (r.often(0.1) ? r.pick(['a', 'B', 'x.']).repeat(60 + r.below(6)).slice(0, 60 + r.below(6)) : text(r, NAME, 8));
const label = r => text(r, ['a', 'b', '0', '-', 'x1', 'abc', '--', 'A', '.', ''], 6);
const key = r => (r.often(0.5) ? `${r.often(0.1) ? 'p'.repeat(250 + r.below(6)) : text(r, ['a', 'b.c', '.', '-', 'okta.com', 'X', '0'], 5)}/` : '') + (r.often(0.05) ? '/' : '') + name(r);
const ref = r => text(r, ['a', 'group:', 'user:', 'default/', 'b', ':', '/', 'Team', 'x-y', 'A/'], 5);
const tag = r => text(r, ['a', 'b0', '-', ':', '+', '#', 'java', '--', 'A'], 6);
const blank = r => text(r, BLANKS, 3) + (r.often(0.3) ? 'x' : '');
const words = r => (r.often(0.3) ? blank(r) : text(r, ['word', ' ', 'x', '\u00e9'], 4));

// Hosts are ASCII: what IDNA does to others is left out on both sides.
const HOST = ['a', 'example.com', '1', '0x1', '256', '.', '127.0.0.1', '08', '[::1]', '[1::2::3]', '[::ffff:1.2.3.4]', '[', ']', '%41', '%2f', '%', '-', '_', ' ', '<', '^', '|', '~', '1.2.3.4.5', '0xg'];
function url(r) {
  const scheme = r.pick(['https:', 'http:', 'HTTP:', 'ws:', 'ftp:', 'file:', 'mailto:', 'foo:', 'a+b:', '1x:', '', ':', 'java script:', 'x-y.z:']);
  const slashes = r.pick(['//', '//', '//', '', '/', '///', '\\\\', '/\\']);
  const user = r.often(0.15) ? r.pick(['u@', 'u:p@', '@', ':@', 'a@b@']) : '';
  let host = '';
  for (let n = r.below(3) + (r.often(0.9) ? 1 : 0); n > 0; n -= 1) host += r.pick(HOST);
  const port = r.often(0.25) ? r.pick([':80', ':', ':65535', ':65536', ':0', ':8x', ':00080', ':99999999999']) : '';
  const rest = r.often(0.4) ? r.pick(['/', '/x y', '?q', '#f', '/a?b#c', '\\x', '/%zz', '/[', '?<']) : '';
  return (r.often(0.05) ? ' ' : '') + scheme + slashes + user + host + port + rest + (r.often(0.05) ? '\n' : '');
}

const WRONG = [null, 0, 1, -1.5, 1e21, true, false, '', ' ', [], {}, ['a'], [''], [null], { a: 'b' }, { a: 1 }, 'x', [['a']]];
const wrong = r => structuredClone(r.pick(WRONG));
const spec = e => (e.spec && typeof e.spec === 'object' && !Array.isArray(e.spec) ? e.spec : {});
const list = (r, make) => Array.from({ length: r.below(4) }, () => make(r));
const good = {
  User: () => ({ memberOf: [] }),
  Group: () => ({ type: 'team', children: [] }),
  Component: () => ({ type: 'service', lifecycle: 'production', owner: 'web' }),
  API: () => ({ type: 'openapi', lifecycle: 'production', owner: 'web', definition: 'x' }),
  Resource: () => ({ type: 'database', owner: 'web' }),
  System: () => ({ owner: 'web' }),
  Domain: () => ({ owner: 'web' }),
  Location: () => ({ target: './x.yaml' }),
};
const profile = r => ({ displayName: words(r), email: words(r), picture: words(r), more: wrong(r) });
const fields = {
  memberOf: r => list(r, ref), children: r => list(r, ref), members: r => list(r, ref), parent: ref, profile, type: words, lifecycle: words,
  owner: ref, definition: words, system: ref, subcomponentOf: ref, providesApis: r => list(r, ref), consumesApis: r => list(r, ref),
  dependsOn: r => list(r, ref), domain: ref, subdomainOf: ref, target: words, targets: r => list(r, words),
  presence: r => r.pick(['required', 'optional', 'Required', '', 'no']), more: r => wrong(r),
};
const meta = {
  name, namespace: label, title: words, description: words, uid: words, etag: words,
  labels: r => Object.fromEntries(list(r, key).map(k => [k, r.often(0.1) ? wrong(r) : name(r)])),
  annotations: r => Object.fromEntries(list(r, key).map(k => [k, r.often(0.1) ? wrong(r) : words(r)])),
  tags: r => list(r, tag),
  links: r => list(r, () => ({ url: url(r), ...(r.often(0.3) ? { title: words(r) } : {}), ...(r.often(0.2) ? { icon: words(r), type: words(r) } : {}) })),
  more: r => wrong(r),
};

const ops = [
  (r, e) => { const k = r.pick(Object.keys(meta)); e.metadata[k] = meta[k](r); },
  (r, e) => { const k = r.pick(Object.keys(meta)); e.metadata[k] = meta[k](r); },
  (r, e) => { const k = r.pick(['links', 'annotations', 'labels', 'tags']); e.metadata[k] = meta[k](r); },
  (r, e) => { const k = r.pick(Object.keys(fields)); spec(e)[k] = fields[k](r); },
  (r, e) => { const k = r.pick([...Object.keys(spec(e)), 'type']); spec(e)[k] = (fields[k] ?? fields.more)(r); },
  (r, e) => { const k = r.pick(Object.keys(meta)); e.metadata[k] = wrong(r); },
  (r, e) => { const k = r.pick(Object.keys(fields)); spec(e)[k] = wrong(r); },
  (r, e) => { delete spec(e)[r.pick([...Object.keys(spec(e)), 'x'])]; },
  (r, e) => { e.apiVersion = r.pick(['backstage.io/v1alpha1', 'backstage.io/v1beta1', 'v1', 'a.b/v1', 'A/v1', '/v1', 'a/', 'a/b/c', 'x/v-1', '', 1, null]); },
  (r, e) => { e.kind = r.pick(['user', 'GROUP', 'Api', 'location', 'Template', 'x', 'X1', '1x', 'a b', 'K'.repeat(63), 'K'.repeat(64), 'User', 'Group', 'Component', '\u00e9']); },
  (r, e) => { e[r.pick(['relations', 'status', 'foreign', ''])] = wrong(r); },
  (r, e) => { e.spec = wrong(r); },
  (r, e) => { delete e[r.pick(['apiVersion', 'spec'])]; },
  (r, e) => { delete e.metadata[r.pick(['name', 'namespace'])]; },
  (r, e) => { if (Array.isArray(e.metadata.links)) e.metadata.links[0] = r.pick([...WRONG, { title: 'x' }, { url: 'https://a', type: '' }, { url: 'https://a', icon: 3 }]); },
];

export function entities(seed, count) {
  const r = random(seed);
  return Array.from({ length: count }, (_, n) => {
    const kind = r.pick([...Object.keys(good), 'User', 'Group', 'User', 'Group', 'Template']);
    const entity = {
      apiVersion: r.often(0.2) ? 'backstage.io/v1beta1' : 'backstage.io/v1alpha1', kind,
      metadata: { name: `n${n}`, namespace: `s${n}` }, ...(kind === 'Template' && r.often(0.3) ? {} : { spec: good[kind]?.() ?? { any: wrong(r) } }),
    };
    for (let times = r.pick([0, 1, 1, 1, 2, 2, 3]); times > 0; times -= 1) r.pick(ops)(r, entity);
    return entity;
  });
}

// JSON as another program may write it: members in any order, some characters escaped, blanks between.
export function write(r, value) {
  if (Array.isArray(value)) return `[${value.map(v => write(r, v)).join(r.pick([',', ', ']))}]`;
  if (value && typeof value === 'object') {
    const members = Object.entries(value).map(([k, v]) => `${write(r, k)}:${write(r, v)}`);
    for (let i = members.length - 1; i > 0; i -= 1) if (r.often(0.5)) { const k = r.below(i + 1); [members[i], members[k]] = [members[k], members[i]]; }
    return `{${members.join(r.pick([',', ' , ']))}}`;
  }
  const json = JSON.stringify(value);
  if (typeof value !== 'string' || !r.often(0.2)) return json;
  return `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
}
