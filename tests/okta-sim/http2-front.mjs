// HTTP/2 in front of a simulated org: http2-front.mjs DIR BACKEND-PORT PORT. Requests go to the org as they came; /_front/stats
// tells how many connections there were and how many requests were under way at once. Prints "ready" when it listens.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { Agent, request } from 'node:https';

const [dir, backend, port] = process.argv.slice(2);
const pem = readFileSync(`${dir}/server.pem`);
const agent = new Agent({ ca: readFileSync(`${dir}/ca.pem`), keepAlive: true });
const stats = { connections: 0, underWay: 0, mostUnderWay: 0, versions: {} };

const server = createSecureServer({ key: pem, cert: pem, allowHTTP1: true }, (incoming, outgoing) => {
  if (incoming.url === '/_front/stats') {
    outgoing.end(JSON.stringify(stats));
    return;
  }
  stats.versions[incoming.httpVersion] = (stats.versions[incoming.httpVersion] ?? 0) + 1;
  stats.mostUnderWay = Math.max(stats.mostUnderWay, (stats.underWay += 1));
  outgoing.on('close', () => { stats.underWay -= 1; });
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !name.startsWith(':')));
  headers.host = incoming.headers[':authority'] ?? headers.host;
  incoming.pipe(request({ agent, host: 'localhost', port: backend, path: incoming.url, method: incoming.method, headers }, answer => {
    const { connection, 'transfer-encoding': coding, 'keep-alive': keep, ...rest } = answer.headers;
    outgoing.writeHead(answer.statusCode, rest);
    answer.pipe(outgoing);
  }));
});
server.on('secureConnection', () => { stats.connections += 1; });
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
