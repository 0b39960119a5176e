// A person who signs in through Backstage's Okta provider, with its resolver for Okta, is the person of the catalog.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Backstage, eventually, fromReadme } from './backstage.mjs';
import { Org, assertShows } from './org.mjs';

const work = mkdtempSync(join(process.env.WORK, 'sign-in-'));
const org = new Org(work, '--users', '80', '--groups', '9', '--seed', '3');
let backstage, okta, truth, idByRef;

/** Okta's part of an OpenID Connect sign-in, for the person whose e-mail is the login hint: it asks for no password. */
async function startOkta() {
	const server = createServer((request, response) => {
		const url = new URL(request.url, okta.url);
		const json = body => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
		if (url.pathname === '/oauth2/v1/authorize') {
			const back = new URL(url.searchParams.get('redirect_uri'));
			back.search = new URLSearchParams({ code: 'a-code', state: url.searchParams.get('state') });
			response.writeHead(302, { location: back.href }).end();
		} else if (url.pathname === '/oauth2/v1/token') {
			json({
				token_type: 'Bearer', access_token: 'a-token', refresh_token: 'another', expires_in: 3600, scope: 'openid email profile',
			});
		} else {
			json({ sub: '00u', name: 'Somebody', preferred_username: 'somebody', email: okta.email });
		}
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { server, url: `http://127.0.0.1:${server.address().port}`, email: '' };
}

/** Signs in as a browser does; what Backstage's frame tells the app. */
async function signIn(email) {
	okta.email = email;
	// The backend may close a kept connection while the next request is on its way.
	const visit = async (url, cookie = '', tries = 5) => {
		try {
			return await fetch(url, { redirect: 'manual', headers: { cookie } });
		} catch (error) {
			if (error.cause?.code !== 'ECONNRESET' && error.cause?.code !== 'UND_ERR_SOCKET' || tries === 1) throw error;
			return visit(url, cookie, tries - 1);
		}
	};
	const start = await visit(`${backstage.url}/api/auth/okta/start?env=development`);
	// A cookie without a value is one that is being removed.
	const cookie = start.headers.getSetCookie().map(text => text.split(';')[0]).filter(pair => !pair.endsWith('=')).join('; ');
	const atOkta = await visit(start.headers.get('location'));
	const frame = await (await visit(atOkta.headers.get('location'), cookie)).text();
	return JSON.parse(decodeURIComponent(/authResponse = decodeURIComponent\('([^']*)'\)/.exec(frame)[1]));
}

before(async () => {
	okta = await startOkta();
	org.run('okta-fetch --ca-file "$ORG/ca.pem" | okta-map | catalog-emit -o catalog.yaml');
	process.env.AUTH_OKTA_CLIENT_ID = 'an-app';
	process.env.AUTH_OKTA_CLIENT_SECRET = 'a-secret';
	const catalog = fromReadme('locations', { '/var/lib/okta-catalog/default.yaml': join(work, 'catalog.yaml') });
	const signIn = fromReadme('resolvers', { 'https://acme.okta.com': okta.url, production: 'development' });
	backstage = await Backstage.start(work, catalog + signIn,
		['@backstage/plugin-auth-backend', '@backstage/plugin-auth-backend-module-okta-provider']);
	truth = org.truth();
	const entities = await eventually(() => assertShows(backstage, truth));
	idByRef = new Map(entities.map(({ kind, metadata }) => [`${kind}:default/${metadata.name}`.toLowerCase(),
		metadata.annotations['okta.com/user-id'] ?? metadata.annotations['okta.com/group-id']]));
});

after(async () => {
	okta?.server.close();
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('sign-in: everybody signs in as the entity of their Okta user, and owns what their groups own', async () => {
	const byEmail = new Map();
	for (const user of truth.users.values()) {
		const email = user.profile.email.toLowerCase();
		byEmail.set(email, [...byEmail.get(email) ?? [], user]);
	}
	assert.ok([...byEmail.values()].some(sharing => sharing.length > 1), 'nobody shares an e-mail in this org');
	for (const [email, sharing] of byEmail) {
		const { response, error } = await signIn(email);
		assert.ok(response?.backstageIdentity, `${email}: ${error?.message}`);
		const { userEntityRef, ownershipEntityRefs } = response.backstageIdentity.identity;
		const id = idByRef.get(userEntityRef);
		assert.ok(sharing.some(user => user.id === id), `${email} became ${userEntityRef}`);
		const groups = truth.memberships.filter(pair => pair.startsWith(id)).map(pair => pair.split(' ')[1]);
		assert.deepEqual(ownershipEntityRefs.map(ref => idByRef.get(ref)).sort(), [id, ...groups].sort());
	}
});

test('sign-in: an e-mail in other letters is the same person', async () => {
	const { response } = await signIn('ANA.Ruiz@acme.example');
	const id = idByRef.get(response.backstageIdentity.identity.userEntityRef);
	assert.equal(truth.users.get(id).profile.login, 'ana.ruiz@acme.example');
});

test('sign-in: somebody who is not in the catalog is refused', async () => {
	const { error } = await signIn('nobody@acme.example');
	assert.match(error.message, /User not found|unable to resolve user identity/);
});
