// npm's yaml, as Backstage reads catalogs: every document as a line of JSON.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

for (const document of parseAllDocuments(readFileSync(process.argv[2], 'utf8'), { merge: false })) {
  if (document.errors.length) throw document.errors[0];
  process.stdout.write(JSON.stringify(document.toJS()) + '\n');
}
