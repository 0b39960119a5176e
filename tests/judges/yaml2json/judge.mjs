import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';

const scalars = ['no', 'yes', 'on', 'y', 'true', 'True', 'TRUE', 'tRUE', 'null', '~', 'Null', '', '1', '-1', '+1', '0', '012', '0o17', '0x1F', '0b1', '1_000',
  '1.5', '.5', '5.', '1e3', '1E-3', '1.0', '12:30', '2024-01-01', "'1'", '"1"', '"a\\n\\u00e9\\x41"', "'it''s'", '!!str 5', '00e5', '1.2.3', '-', '.', '+', '-a', 'a#b', 'a #b',
  'é研😀', '[]', '{}', '[a, 1, no]', '{a: 1, "b": {c: ~}}', '|\n  x\n  y', '>-\n  x\n  y', '|+\n  x\n\n', '9007199254740991'];
const documents = [...scalars.map(s => `k: ${s}\nafter: 1\n`),
  'a: &x [1, 2]\nb: *x\n', 'a: &x {p: 1}\nb:\n  <<: *x\n  q: 2\n', '- a\n-\n  - b\n  - c: d\n    e: f\n', '# nothing\n', '---\na: 1\n...\n', '%YAML 1.2\n---\na: b\n', '5: x\ntrue: y\n', '\ufeffa: 1\n', 'a: 1\r\nb: 2\r\n',
  'catalog:\n  providers:\n    okta:\n      default:\n        schedule: { frequency: { minutes: 30 }, timeout: { minutes: 30 } }\n        groups: [Engineering, Platform Team]\n',
  'a: 1\na: 2\n', 'a: [1\n', 'a: b: c\n', '\ta: 1\n', 'a: *nope\n', 'a: "x\n', '{a: 1, a: 2}\n', 'a: 1\n b: 2\n'];
let failed = 0;
for (const text of documents) {
  const parsed = parseDocument(text, { merge: false, schema: 'core' });
  const run = spawnSync(join(process.argv[2], 'yaml2json'), { input: text });
  let theirs = 'refused';
  try {
    if (!parsed.errors.length) theirs = { value: JSON.parse(JSON.stringify(parsed.toJS() ?? null)) };
  } catch {
    // an alias without an anchor
  }
  const ours = run.status ? 'refused' : { value: JSON.parse(run.stdout.toString()) };
  if (!isDeepStrictEqual(theirs, ours)) {
    failed += 1;
    console.log(`# ${JSON.stringify(text)}: yaml ${JSON.stringify(theirs)}, yaml2json ${JSON.stringify(ours)} ${run.stderr}`);
  }
}
console.log(`${failed ? 'not ok' : 'ok'} 1 - ${documents.length} documents are read alike\n1..1`);
