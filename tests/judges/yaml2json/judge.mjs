import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument, stringify } from 'yaml';
import { changed, documents, made, oursRefuses, wrong } from './documents.mjs';

process.removeAllListeners('warning').on('warning', () => {});

function theirs(text) {
  const parsed = parseDocument(text, { merge: false, schema: 'core' });
  try {
    if (!parsed.errors.length) return { value: JSON.parse(JSON.stringify(parsed.toJS() ?? null)) };
  } catch {
    // an alias without an anchor
  }
  return 'refused';
}

function ours(text) {
  const run = spawnSync(join(process.argv[2], 'yaml2json'), { input: text, encoding: 'utf8' });
  if (run.status === 65 && /^yaml2json: standard input: line \d+/.test(run.stderr) && run.stderr.split('\n').length === 2) return 'refused';
  return run.status === 0 ? { value: JSON.parse(run.stdout) } : { died: run };
}

let number = 0;
function judge(title, texts, agree) {
  let bad = 0, count = 0;
  for (const text of texts) {
    const [a, b] = [theirs(text), ours(text)];
    count += 1;
    if (b.died || !agree(a, b)) {
      bad += 1;
      console.log(`# ${JSON.stringify(text)}: yaml ${JSON.stringify(a)}, yaml2json ${JSON.stringify(b)}`);
    }
  }
  number += 1;
  console.log(`${bad ? 'not ok' : 'ok'} ${number} - ${title}: ${count}`);
}

judge('documents are read alike', documents, (a, b) => a !== 'refused' && isDeepStrictEqual(a, b));
judge('what is wrong is refused by both', wrong, (a, b) => a === 'refused' && b === 'refused');
judge('what ours alone refuses', oursRefuses, (a, b) => b === 'refused');
const values = new Map([...made(250)].map(m => [stringify(m.value, m.options), JSON.parse(JSON.stringify(m.value))]));
judge('made values, written in every style, come back', values.keys(), (a, b) => isDeepStrictEqual(a, b));
judge('changed documents: refused, or the same value', changed(350), (a, b) => a === 'refused' || b === 'refused' || isDeepStrictEqual(a, b));
console.log(`1..${number}`);
