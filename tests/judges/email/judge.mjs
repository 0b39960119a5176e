// JavaScript's toLowerCase beside email_fold of okta-map and catalog-emit.
// Code points that this Node.js does not know yet are left out: a newer Unicode
// may have given them a case.
import { spawnSync } from 'node:child_process';

const program = process.argv[2];
const TEXT_END = Buffer.from([0xff]);

let state = 20261126;
const random = n => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const pick = list => list[random(list.length)];

let count = 0;
function compare(title, texts) {
  const input = Buffer.concat(texts.flatMap(t => [Buffer.from(t), TEXT_END]));
  const run = spawnSync(program, { input, maxBuffer: 1 << 30 });
  const wrong = [];
  let start = 0;
  if (run.status !== 0) wrong.push(`${program}: ${run.status} ${run.stderr}`);
  for (const text of texts) {
    const end = run.stdout.indexOf(0xff, start);
    const found = run.stdout.toString('utf8', start, end);
    start = end + 1;
    if (end < 0 || found !== text.toLowerCase()) {
      const show = t => [...t].map(c => c.codePointAt(0).toString(16)).join(' ');
      wrong.push(`${show(text)}: ${show(found)}, not ${show(text.toLowerCase())}`);
    }
  }
  count += 1;
  console.log(`${wrong.length ? 'not ok' : 'ok'} ${count} - ${title}: ${texts.length} texts`);
  wrong.slice(0, 5).forEach(line => console.log(`# ${line}`));
}

const known = [];
for (let c = 0; c < 0x110000; c += 1) {
  const text = String.fromCodePoint(c);
  if (!/[\p{Cn}\p{Cs}]/u.test(text)) known.push(text);
}
const having = property => known.filter(c => property.test(c));
const cased = having(/\p{Cased}/u);
const ignorable = having(/\p{Case_Ignorable}/u);
const marks = having(/\p{M}/u);

compare('every code point alone', known);
compare('a capital sigma before every code point', known.map(c => `aΣ${c}`));
compare('a capital sigma after every code point', known.map(c => `${c}Σ`));
compare('every code point between a capital sigma and a letter',
  known.map(c => `aΣ${c}b`));
compare('every code point between a letter and a capital sigma',
  known.map(c => `a${c}Σ`));

const kinds = [['Σ'], ['Σ', 'σ', 'ς', 'İ', 'I', 'ı', '\u0307', '\u0345'],
  cased, ignorable, marks, known, [...'aZ0.@-_+\'": ^`']];
compare('capital sigmas among letters, marks and what is ignored',
  Array.from({ length: 200000 }, () => Array.from(
    { length: random(12) }, () => pick(pick(kinds))).join('')));
compare('addresses', Array.from({ length: 20000 }, () => {
  const local = Array.from({ length: 1 + random(8) }, () => pick(pick(kinds)));
  return `${local.join('')}@${pick(['ACME.example', 'ΣΊΣΥΦΟΣ.gr', 'x.İ'])}`;
}));
console.log(`1..${count}`);
