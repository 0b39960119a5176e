// Manifests are held to Kubernetes' published schemas twice: by validators made of them (values), and by their types (a
// field that does not exist is an error there).
import { validate as validateDockerfile } from 'dockerfile-utils';
import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const require = createRequire(import.meta.url);
const ts = require('typescript');
const here = process.argv[2], examples = process.argv[3];
const modules = { 'batch/v1': ['CronJob'], 'apps/v1': ['Deployment'], v1: ['ConfigMap', 'PersistentVolumeClaim', 'Secret', 'Service'] };

function typeErrors(type, path, manifest) {
  const name = join(here, 'manifest.ts');
  const text = `import type { I${type} } from 'kubernetes-models/${path}/${type}';\nexport const manifest: I${type} = ${JSON.stringify(manifest, null, 1)};\n`;
  const options = { strict: true, noEmit: true, skipLibCheck: true, moduleResolution: ts.ModuleResolutionKind.Node10, target: ts.ScriptTarget.ES2020, types: [] };
  const host = ts.createCompilerHost(options);
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) => (file === name ? ts.createSourceFile(file, text, version) : readFile(file, version));
  const fileExists = host.fileExists.bind(host);
  host.fileExists = file => file === name || fileExists(file);
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host)).map(d => ts.flattenDiagnosticMessageText(d.messageText, ' '));
}

function wrongWith(manifest) {
  const path = manifest.apiVersion;
  if (!modules[path]?.includes(manifest.kind)) return [`no ${manifest.kind} in ${path}`];
  try {
    new (require(`kubernetes-models/${path}/${manifest.kind}`)[manifest.kind])(manifest).validate();
  } catch (error) {
    return [error.message];
  }
  return typeErrors(manifest.kind, path, manifest);
}

let number = 0;
function verdict(title, wrong) {
  number += 1;
  console.log(`${wrong.length ? 'not ok' : 'ok'} ${number} - ${title}`);
  for (const line of wrong) console.log(`# ${line}`);
}

const folder = join(examples, 'kubernetes');
const kinds = new Map();
for (const file of readdirSync(folder).filter(f => f.endsWith('.yaml'))) {
  const documents = parseAllDocuments(readFileSync(join(folder, file), 'utf8'));
  for (const document of documents) {
    const manifest = document.toJS();
    kinds.set(manifest.kind, manifest);
    verdict(`${file}: ${manifest.kind} ${manifest.metadata.name}`, [...document.errors.map(String), ...wrongWith(manifest)]);
  }
}

// A judge that lets everything pass is none.
const broken = (kind, change) => { const copy = structuredClone(kinds.get(kind)); change(copy); return wrongWith(copy).length ? [] : ['was not noticed']; };
verdict('a misspelled field would be noticed', broken('CronJob', m => { m.spec.jobTemplate.spec.template.spec.containers[0].imagePullPolicyy = 'Always'; }));
verdict('a value that is none would be noticed', broken('CronJob', m => { m.spec.concurrencyPolicy = 'Forbidden'; }));
verdict('a missing field would be noticed', broken('Deployment', m => { delete m.spec.selector; }));

const rules = text => validateDockerfile(text, {}).map(d => `line ${d.range.start.line + 1}: ${d.message}`);
const container = readFileSync(join(examples, 'Containerfile'), 'utf8');
verdict('Containerfile', rules(container));
verdict('a wrong Containerfile would be noticed', rules(container.replace('ENTRYPOINT', 'ENTRYPIONT')).length ? [] : ['was not noticed']);

// The same names on both sides of each mount, claim, key and label.
const pod = kinds.get('CronJob').spec.jobTemplate.spec.template.spec;
const names = pod.volumes.map(v => v.configMap?.name ?? v.persistentVolumeClaim?.claimName ?? v.secret?.secretName);
verdict('the pod mounts what config.yaml and its comment make', [
  ...(names.includes(kinds.get('ConfigMap').metadata.name) ? [] : ['the ConfigMap is not mounted']),
  ...(names.includes(kinds.get('PersistentVolumeClaim').metadata.name) ? [] : ['the claim is not mounted']),
  ...(readFileSync(join(folder, 'config.yaml'), 'utf8').includes(`create secret generic ${pod.volumes.find(v => v.secret).secret.secretName} --from-file=okta-key.pem`) ? [] : ['the Secret has another name']),
  ...pod.containers[0].volumeMounts.filter(m => !pod.volumes.some(v => v.name === m.name)).map(m => `${m.name} is no volume`)]);
console.log(`1..${number}`);
