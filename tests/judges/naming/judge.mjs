// Names by lodash's kebabCase, slugify and JavaScript's own strings and numbers, put into Backstage's form as okta-map's manual says,
// beside those of okta-map for the same people and groups.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const kebabCase = require('lodash/kebabCase');
const slugify = require('slugify');
const bin = process.argv[2];

let state = 20261124;
const random = n => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const pick = list => list[random(list.length)];

// Letters that composition, deburring, word splitting and the table of slugify treat in ways of their own.
const letters = [
  ...'aZbXcq019_-.+\' &$|()/ ', 'ß', 'É', 'ñ', 'ø', 'Þ', 'ŉ', 'İ', 'ı', 'ſ', 'Å', 'K', '’', 'e\u0301', 'a\u0323\u0302', 'a\u0302\u0323',
  'o\u031b\u0309', 'd\u0323\u0307', 'd\u0307\u0323', 'q\u0307\u0323', '\u0301', '\u0344', '\u0f73', '\u0958', '가', '각', '\u1100\u1161', '\u1100\u1161\u11a8',
  '가\u11a8', 'ǖ', 'u\u0308\u0304', 'ệ', 'ﬁ', '北', '京', 'Ж', 'щ', 'Ελ', 'ά', 'ع', 'ქ', 'Ա', 'Hello', 'XMLHttp', '1st', '2ND', '3x', 'É\u0327', '\u1E9B\u0323',
  '\u{1D15E}', '\u{1F600}', '\u{1F1E9}\u{1F1EA}', '\u200d', '\ufe0f', '\u00a0', '\u2003', '\ufb1d', '\u{11099}\u{110BA}', '\u0915\u093c', '\u09c7\u09be', 'ÅŁ', 'œ',
];
const text = most => Array.from({ length: 1 + random(most) }, () => pick(letters)).join('');

const repair = name => {
  let valid = name.replace(/[^-A-Za-z0-9_.]+/g, '\u0000').replace(/^[-_.\u0000]+/, '').replace(/\u0000/g, '-').slice(0, 63);
  valid = valid.replace(/[-_.]+$/, '');
  return valid;
};
const strategies = {
  'kebab-case-email': email => kebabCase(email),
  'slugify-email': email => {
    const [local, domain] = email.split('@');
    return `${slugify(local, { lower: true, trim: true, remove: /[+]/g })}-${slugify(domain, { lower: true, trim: true })}`;
  },
  'strip-domain-email': email => email.split('@')[0],
};

let count = 0;
const verdict = (name, wrong) => {
  count += 1;
  console.log(`${wrong.length ? 'not ok' : 'ok'} ${count} - ${name}`);
  wrong.slice(0, 5).forEach(line => console.log(`# ${line}`));
};

// Names by Okta id. What collides has a suffix, which is cut off: the base is what the rule gave.
function mapped(options, lines) {
  const org = '{"kind":"OktaOrg","version":1,"id":"default","oktaUrl":"https://acme.okta.com"}';
  const input = [org, ...lines.map(line => JSON.stringify(line)), '{"kind":"End"}', ''].join('\n');
  const run = spawnSync(`${bin}/okta-map`, ['-q', ...options], { input, maxBuffer: 1 << 28, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`okta-map ended with ${run.status}: ${run.stderr}`);
  const names = new Map();
  for (const line of run.stdout.trim().split('\n')) {
    const { metadata } = JSON.parse(line);
    if (metadata) names.set(metadata.annotations['okta.com/user-id'] ?? metadata.annotations['okta.com/group-id'], metadata.name);
  }
  return names;
}

function compare(title, options, records, expected) {
  const names = mapped(options, records);
  const wrong = [];
  for (const [id, rule] of expected) {
    const base = repair(rule) || id;
    const got = names.get(id);
    const stem = got?.replace(/-[a-z2-7]{8,10}$/, '');
    if (got !== base && !(stem !== got && base.slice(0, stem.length).toLowerCase() === stem.toLowerCase() && stem.length >= Math.min(base.length, 50))) {
      wrong.push(`${JSON.stringify(records.find(r => (r.user ?? r.group).id === id))}: found ${got}, expected ${base}`);
    }
  }
  verdict(title, wrong);
}

for (const [strategy, rule] of Object.entries(strategies)) {
  const expected = new Map();
  const records = Array.from({ length: 4000 }, (_, n) => {
    const email = `${text(7)}${n}@${text(3)}.example`;
    expected.set(`00u${n}`, rule(email));
    return { kind: 'OktaUser', user: { id: `00u${n}`, profile: { email, login: `u${n}` } } };
  });
  compare(`${strategy}: ${records.length} e-mails`, ['--user-name', strategy], records, expected);
}

// Each code point inside a word.
const known = [];
for (let c = 1; c < 0x110000; c += 1) {
  const letter = String.fromCodePoint(c);
  if (!/[\p{Cs}\p{Co}\p{Cn}]/u.test(letter)) known.push(letter);
}
for (const [strategy, rule] of Object.entries(strategies)) {
  const expected = new Map();
  const records = known.filter(letter => letter !== '@').map((letter, n) => {
    const email = `a${letter}b${n}@x.example`;
    expected.set(`00u${n}`, rule(email));
    return { kind: 'OktaUser', user: { id: `00u${n}`, profile: { email, login: `u${n}` } } };
  });
  compare(`${strategy}: every code point`, ['--user-name', strategy], records, expected);
}

const named = new Map();
const groups = Array.from({ length: 4000 }, (_, n) => {
  const name = `${text(9)}`;
  named.set(`00g${n}`, kebabCase(name));
  return { kind: 'OktaGroup', group: { id: `00g${n}`, profile: { name } } };
});
compare(`kebab-case-name: ${groups.length} names`, [], groups, named);

const numbered = new Map();
const numbers = Array.from({ length: 3000 }, (_, n) => {
  const number = pick([() => random(1e9), () => random(1e9) / 1000, () => (random(1e9) + 1) * 10 ** (random(60) - 30), () => -random(1e6) / 7,
    () => Number.MAX_SAFE_INTEGER - random(1e6), () => random(1e9) * 2 ** 40, () => 5e-324 * (1 + random(9))])();
  numbered.set(`00g${n}`, String(number));
  return { kind: 'OktaGroup', group: { id: `00g${n}`, profile: { name: 'x', code: number } } };
});
compare(`profile.ATTRIBUTE: ${numbers.length} numbers`, ['--group-name', 'profile.code'], numbers, numbered);
console.log(`1..${count}`);
