import { ConfigSources } from '@backstage/config-loader';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { cases, made, refused } from './cases.mjs';

const work = mkdtempSync(join(tmpdir(), 'judge-config-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function lay(one) {
  const folder = mkdtempSync(join(work, 'case-'));
  for (const [name, text] of Object.entries(one.files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return one.configs.map(name => join(folder, name));
}

async function theirs(one, paths) {
  const source = ConfigSources.default({ rootDir: work, env: {}, watch: false, argv: paths.flatMap(p => ['--config', p]),
    substitutionFunc: async name => one.env[name]?.trim() });
  try {
    const config = await ConfigSources.toConfig(source);
    config.close();
    return { value: config.getOptional('catalog.providers.okta') ?? null };
  } catch (error) {
    return { refused: error.message };
  }
}

function ours(one, paths) {
  const run = spawnSync(join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), 'resolve.sh'), paths,
    { env: { PATH: process.env.PATH, BIN: process.env.BIN ?? '', ...one.env }, encoding: 'utf8' });
  if (run.status !== 0) return { refused: run.stderr };
  const { value, problems } = JSON.parse(run.stdout);
  return problems.length ? { refused: problems.join('; ') } : { value };
}

let number = 0;
async function judge(title, list, agree) {
  let wrong = 0, count = 0;
  for (const one of list) {
    const paths = lay(one);
    const [a, b] = [await theirs(one, paths), ours(one, paths)];
    count += 1;
    if (!agree(a, b)) {
      wrong += 1;
      console.log(`# ${one.name}: Backstage ${JSON.stringify(a)}, ours ${JSON.stringify(b)}`);
    }
  }
  number += 1;
  console.log(`${wrong ? 'not ok' : 'ok'} ${number} - ${title}: ${count}`);
}

await judge('configurations are read alike', cases, (a, b) => !a.refused && isDeepStrictEqual(a, b));
await judge('made ones are merged and substituted alike', made(8), (a, b) => !a.refused && isDeepStrictEqual(a, b));
await judge('what Backstage refuses is refused', refused, (a, b) => a.refused && b.refused);
console.log(`1..${number}`);
