import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto; // Node.js 18
globalThis.CryptoKey ??= webcrypto.CryptoKey;
const oauth = await import('oauth4webapi');

const [folder, dpopBox] = process.argv.slice(2);
const origin = readFileSync(`${folder}/ready`, 'utf8').trim();
const jwk = JSON.parse(readFileSync(`${folder}/key.jwk`, 'utf8'));
const key = await crypto.subtle.importKey('jwk', { ...jwk, kid: undefined }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
const server = { issuer: origin, token_endpoint: `${origin}/oauth2/v1/token` };
const client = { client_id: '0oa1a2b3c4D5E6F7g8h9' };
const auth = (kid = jwk.kid, signer = key) => oauth.PrivateKeyJwt({ key: signer, kid }, {
  [oauth.modifyAssertion]: (_, payload) => { payload.aud = server.token_endpoint; },
});
// The library repeats the client's id in the form, which Okta refuses as a second credential.
const withoutClientId = (url, init) => {
  init.body.delete?.('client_id');
  return fetch(url, init);
};
const parameters = { scope: 'okta.users.read okta.groups.read' };
let count = 0;
const verdict = (good, name) => { count += 1; console.log(`${good ? 'ok' : 'not ok'} - ${dpopBox}: ${name}`); };

const pair = await oauth.generateKeyPair('ES256');
const DPoP = oauth.DPoP(client, pair);
async function signIn(options, kid, signer) {
  for (let round = 0; ; round += 1) {
    const response = await oauth.clientCredentialsGrantRequest(server, client, auth(kid, signer), parameters, { ...options, [oauth.customFetch]: withoutClientId });
    try {
      return { token: await oauth.processClientCredentialsResponse(server, client, response), rounds: round };
    } catch (error) {
      if (round || !oauth.isDPoPNonceError(error)) throw error;
    }
  }
}
const refused = async (name, work, expected) => {
  let found = 'taken';
  try {
    const response = await work();
    if (!response.ok) found = `${response.status} ${response.headers.get('www-authenticate') ?? await response.text()}`;
  } catch (error) {
    found = `${error.status ?? ''} ${error.error ?? ''} ${error.error_description ?? error.message} ${error.cause?.message ?? ''} ${JSON.stringify(error.cause) ?? ''}`;
  }
  verdict(found.includes(expected), `refuses ${name}${found.includes(expected) ? '' : `: ${found}`}`);
};

const bound = dpopBox === 'required';
const { token, rounds } = await signIn({ DPoP });
verdict(token.token_type === (bound ? 'dpop' : 'bearer'), `signs in, token_type ${token.token_type}`);
verdict(!bound || rounds === 1, 'the nonce is asked for once');
const second = await signIn({ DPoP });
verdict(second.rounds === 0, 'a nonce that was kept serves again');

const options = bound ? { DPoP } : {};
const get = (url, more = options, access = token.access_token, headers = {}) =>
  oauth.protectedResourceRequest(access, 'GET', new URL(url), new Headers({ accept: 'application/json', ...headers }), null, more);
async function walk(url, headers) {
  const all = [];
  for (let next = url; next;) {
    const response = await get(next, options, token.access_token, headers);
    all.push(...await response.json());
    next = /<([^>]*)>; rel="next"/.exec(response.headers.get('link'))?.[1];
  }
  return all;
}
const lines = name => readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n').map(line => JSON.parse(line));
// The truth is what Okta gives to who leaves out the credentials and their links.
const omit = { 'content-type': 'application/json; okta-response="omitCredentials,omitCredentialsLinks, omitTransitioningToStatus"' };
const users = await walk(`${origin}/api/v1/users?limit=200`, omit);
verdict(JSON.stringify(users) === JSON.stringify(lines('users.ndjson')), 'the users, page after page, are those of the truth');
const whole = await walk(`${origin}/api/v1/users?limit=200`);
verdict(whole.length === users.length && whole.every((user, n) => user.id === users[n].id && user.credentials && user._links.self),
  'they carry credentials and links to who does not leave them out');
const members = lines('members.ndjson').find(entry => entry.userIds.length > 8) ?? lines('members.ndjson')[0];
const listed = await walk(`${origin}/api/v1/groups/${members.groupId}/users`);
verdict(JSON.stringify(listed.map(user => user.id)) === JSON.stringify(members.userIds), 'the members of a group, too');

await refused('an unknown kid', () => signIn({ DPoP }, 'other'), 'kid is invalid');
const stranger = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
await refused('a signature of another key', () => signIn({ DPoP }, jwk.kid, stranger.privateKey), 'signature is invalid');
if (bound) {
  await refused('a token request without a proof', () => signIn({}), 'header is missing');
  const capture = [];
  const catching = { DPoP, [oauth.customFetch]: (url, init) => { capture.push({ url, headers: new Headers(init.headers) }); return fetch(url, init); } };
  await get(`${origin}/api/v1/users?limit=1`, catching);
  const { headers } = capture[0];
  const again = (change, url = `${origin}/api/v1/users?limit=1`) => { const copy = new Headers(headers); change(copy); return fetch(url, { headers: copy }); };
  await refused('a proof that was used', () => again(() => {}), 'already been used');
  await refused('a proof for another address', () => again(() => {}, `${origin}/api/v1/groups`), "'htu'");
  await refused('a bound token as Bearer', () => again(copy => { copy.set('authorization', `Bearer ${token.access_token}`); }), 'DPoP authentication scheme');
  await refused('no proof at all', () => again(copy => { copy.delete('dpop'); }), 'requires a DPoP proof');
  await refused('another key', async () => get(`${origin}/api/v1/users?limit=1`, { DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) }), 'not bound');
  await refused('a proof for another token', async () => {
    const caught = [];
    await get(`${origin}/api/v1/users?limit=1`, { DPoP, [oauth.customFetch]: async (url, init) => { caught.push(new Headers(init.headers)); return new Response('[]'); } }, second.token.access_token);
    caught[0].set('authorization', `DPoP ${token.access_token}`);
    return fetch(`${origin}/api/v1/users?limit=1`, { headers: caught[0] });
  }, "'ath'");
}
process.exit(count > 6 ? 0 : 1);
