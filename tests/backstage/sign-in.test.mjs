// Who signs in to a real Backstage through its Okta provider with the resolver
// by id of examples/backstage/sign-in.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Backstage, eventually, fromReadme } from './backstage.mjs';
import { OktaSignIn } from './okta-sign-in.mjs';
import { Org, oktaStream } from './org.mjs';

const AUTH = '@backstage/plugin-auth-backend';
const STANDARD = '@backstage/plugin-auth-backend-module-okta-provider';
const SIGN_IN = process.env.MODULE.replace('index.js', 'sign-in/index.js');
const RESOLVER = 'oktaUserIdMatchingUserEntityAnnotation';
const BY_EMAIL = 'emailMatchingUserEntityAnnotation';

const work = mkdtempSync(join(process.env.WORK, 'sign-in-'));
const org = new Org(work, '--users', '80', '--groups', '9', '--seed', '3');

const user = (id, name) =>
	({ id, login: `${name}@odd.example`, email: `${name}@odd.example` });
// Two people whose ids differ only in case.
const MIXED = user('00uCaseAbCdEfGhIjKlM', 'mixed');
const LOWER = user('00ucaseabcdefghijklm', 'lower');
const ONLY = user('00uOnlyAbCdEfGhIjKlM', 'only');
// An Okta user who is published twice.
const TWICE = user('00uTwiceAbCdEfGhIjKl', 'twice');

let okta, backstage, truth, idByRef;

/** The README's configuration of sign-in by this resolver, for this Okta. */
function configuration(resolver) {
	return fromReadme(`resolver: ${resolver}`, {
		'https://acme.okta.com': okta.url, production: 'development',
	});
}

/** Asserts that the profile signs in, and gives the identity. */
async function assertSignsIn(profile) {
	const { response, error } = await okta.signIn(backstage, profile);
	assert.equal(error, undefined);
	return response.backstageIdentity.identity;
}

/** Asserts that the profile does not sign in, and gives the reason. */
async function assertRefused(profile) {
	const { response, error } = await okta.signIn(backstage, profile);
	const { userEntityRef } = response?.backstageIdentity?.identity ?? {};
	assert.ok(error, `${JSON.stringify(profile)} became ${userEntityRef}`);
	return error.message;
}

/** Asserts that Backstage does not start, and gives what it logs. */
async function assertDoesNotStart(appConfig, ...features) {
	const folder = mkdtempSync(join(work, 'start-'));
	let started;
	try {
		started = await Backstage.start(folder, appConfig, features);
	} catch (error) {
		return error.message;
	}
	await started.stop();
	return assert.fail('Backstage started');
}

const refOf = ({ kind, metadata: { namespace, name } }) =>
	`${kind}:${namespace}/${name}`.toLowerCase();

/** Publishes everybody, with more options of catalog-emit. */
const publish = options => org.run(`catalog-emit -o catalog.yaml ${options}`
	+ ' sim.ndjson odd.ndjson one.ndjson two.ndjson plain.ndjson');

before(async () => {
	okta = await OktaSignIn.start();
	process.env.AUTH_OKTA_CLIENT_ID = 'an-app';
	process.env.AUTH_OKTA_CLIENT_SECRET = 'a-secret';
	org.run('okta-fetch --ca-file "$ORG/ca.pem" | okta-map > sim.ndjson');
	writeFileSync(join(work, 'odd'),
		oktaStream('odd', [MIXED, LOWER, ONLY]));
	writeFileSync(join(work, 'twice'), oktaStream('twice', [TWICE]));
	org.run(`okta-map odd > odd.ndjson
		okta-map --namespace one twice > one.ndjson
		okta-map --namespace two twice > two.ndjson`);
	// A user of another producer, who has no Okta id.
	writeFileSync(join(work, 'plain.ndjson'), [
		{
			apiVersion: 'backstage.io/v1alpha1', kind: 'User',
			metadata: { name: 'plain' }, spec: { memberOf: [] },
		},
		{ kind: 'End', groups: 0, users: 1 },
	].map(record => `${JSON.stringify(record)}\n`).join(''));
	publish('');
	const file = '/var/lib/okta-catalog/default.yaml';
	const catalog = fromReadme('locations',
		{ [file]: join(work, 'catalog.yaml') });
	backstage = await Backstage.start(work,
		catalog + configuration(RESOLVER), [AUTH, SIGN_IN]);
	truth = org.truth();
	await eventually(async () => {
		const all = await backstage.entities('user', 'group');
		const { users, groups, memberships } = truth;
		assert.equal(all.length, users.size + groups.size + 6);
		const relations = all.flatMap(entity => entity.relations ?? []);
		assert.equal(relations.length, 2 * memberships.length);
		idByRef = new Map(all.map(entity => [
			refOf(entity),
			entity.metadata.annotations['okta.com/user-id']
			?? entity.metadata.annotations['okta.com/group-id'],
		]));
	});
});

after(async () => {
	okta?.stop();
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('sign-in by id: everybody, also people who share an e-mail, signs in as'
	+ ' themselves and owns what their groups own', async () => {
	const users = [...truth.users.values()];
	const emails = new Set(users.map(({ profile }) => profile.email));
	assert.ok(emails.size < users.length, 'nobody shares an e-mail');
	for (const { id, profile: { email } } of users) {
		const { userEntityRef, ownershipEntityRefs } =
			await assertSignsIn({ sub: id, email });
		assert.equal(idByRef.get(userEntityRef), id);
		const groups = truth.memberships.map(pair => pair.split(' '))
			.filter(([member]) => member === id)
			.map(([, group]) => group);
		assert.deepEqual(
			ownershipEntityRefs.map(ref => idByRef.get(ref)).sort(),
			[id, ...groups].sort());
	}
});

test('sign-in by id: no e-mail is needed, and a session is renewed only for'
	+ ' its user', async () => {
	const { id } = ONLY;
	const { cookie } = await okta.signIn(backstage, { sub: id });
	const renewed = await okta.refresh(backstage, { sub: id }, cookie);
	assert.equal(renewed.backstageIdentity.identity.userEntityRef,
		'user:default/only');
	const other =
		await okta.refresh(backstage, { sub: '00uNobody' }, cookie);
	assert.match(other.error.message, /No user in the catalog has/);
});

test('sign-in by id: ids that differ only in case are two people', async () => {
	const mixed = await assertSignsIn({ sub: MIXED.id });
	assert.equal(mixed.userEntityRef, 'user:default/mixed');
	const lower = await assertSignsIn({ sub: LOWER.id });
	assert.equal(lower.userEntityRef, 'user:default/lower');
	const sub = MIXED.id.toUpperCase();
	assert.match(await assertRefused({ sub }), new RegExp(
		`^No user in the catalog has okta.com/user-id ${sub}: `));
});

test('sign-in by id: an id that differs only in case from the id of the only'
	+ ' match is refused, also with the e-mail of that match', async () => {
	for (const sub of [ONLY.id.toLowerCase(), ONLY.id.toUpperCase()]) {
		assert.match(await assertRefused({ sub, email: ONLY.email }),
			/^No user in the catalog has/);
	}
});

test('sign-in by id: somebody outside the catalog is refused, also with the'
	+ ' e-mail of somebody inside', async () => {
	const outside = { sub: '00uNobodyAbCdEfGhIjK', email: ONLY.email };
	assert.match(await assertRefused(outside),
		/ sign in through the org that the catalog is made from, /);
});

test('sign-in by id: a profile without a valid id is refused', async () => {
	const { id, email } = ONLY;
	const key = 'metadata.annotations.okta.com/user-id';
	for (const sub of [
		undefined, null, '', 0, true, [id], { id }, ['x', id], `${id} `,
		`${id}\n`, `${id},`, `x,${key}=${id}`, `${id},kind=user`, '*',
		'%', `${id}*`, '.', '__proto__', 'user:default/only', email,
		'\u212a', 'a'.repeat(10_000),
	]) {
		assert.match(await assertRefused({ sub, email }),
			/^Okta's profile has no valid user id \(sub\): /);
	}
});

test('sign-in by id: an id that two entities have is refused', async () => {
	assert.match(await assertRefused({ sub: TWICE.id }),
		/^user:(one|two)\/twice and user:...\/twice have the same/);
});

test('catalog-emit --sign-in user-id reports exactly the users who cannot sign'
	+ ' in as themselves', async () => {
	publish('--sign-in user-id --summary-file summary.json');
	const { signIn } = JSON.parse(
		readFileSync(join(work, 'summary.json'), 'utf8'));
	const refused = [];
	for (const [ref, sub] of idByRef) {
		if (!ref.startsWith('user:')) continue;
		const { response } = await okta.signIn(backstage, { sub });
		const identity = response?.backstageIdentity?.identity;
		if (identity?.userEntityRef !== ref) refused.push(ref);
	}
	assert.deepEqual(signIn.refused.map(({ ref }) => ref).sort(),
		refused.sort());
	assert.deepEqual(refused,
		['user:default/plain', 'user:one/twice', 'user:two/twice']);
});

test('sign-in by id: Backstage does not start with a left-over resolver by'
	+ ' e-mail, and reports what to remove', async () => {
	const said = await assertDoesNotStart(
		configuration(BY_EMAIL), AUTH, SIGN_IN);
	assert.match(said, new RegExp(
		'auth.providers.okta.development.signIn.resolvers:'
		+ ` remove ${BY_EMAIL}: only ${RESOLVER} may be listed`));
});

test('sign-in by id: the list of resolvers must be this one alone, in every'
	+ ' environment', async () => {
	const require = createRequire(SIGN_IN);
	const { ConfigReader } = require('@backstage/config');
	const [{ init }] = require(SIGN_IN).getRegistrations();
	const start = async okta => {
		let registered = 0;
		const registerProvider = () => { registered += 1; };
		await init.func({
			config: new ConfigReader({
				auth: { providers: { okta } },
			}),
			providers: { registerProvider },
		});
		assert.equal(registered, 1);
	};
	const id = { resolver: RESOLVER };
	const email = { resolver: BY_EMAIL };
	const list = (...resolvers) => ({ signIn: { resolvers } });
	await start(undefined);
	await start({ production: list(id), development: list(id) });
	for (const wrong of [list(id, email), list(email, id), list(email)]) {
		await assert.rejects(
			start({ production: list(id), test: wrong }),
			/okta\.test\.signIn\.resolvers: remove emailMatching/);
	}
	for (const wrong of [list(), { signIn: {} }, {}, list(id, id)]) {
		await assert.rejects(start({ production: wrong }),
			/\.production\.signIn\.resolvers: list .*, once$/);
	}
});

test('sign-in by id: Backstage does not start with the standard Okta module'
	+ ' and this one', async () => {
	for (const modules of [[SIGN_IN, STANDARD], [STANDARD, SIGN_IN]]) {
		assert.match(
			await assertDoesNotStart(
				configuration(RESOLVER), AUTH, ...modules),
			/Auth provider 'okta' was already registered/);
	}
});

test('sign-in by id: the schema of the configuration allows this resolver alone'
	+ ' and keeps the secret secret', async () => {
	const require = createRequire(import.meta.url);
	const { loadConfigSchema } = require('@backstage/config-loader');
	const schema = await loadConfigSchema({
		dependencies: [STANDARD], noUndeclaredProperties: true,
		packagePaths: [SIGN_IN.replace('index.js', 'package.json')],
	});
	const check = (resolvers, options) => {
		const production = {
			clientId: 'an-app', clientSecret: 'a-secret',
			audience: 'https://acme.okta.com',
			signIn: { resolvers },
		};
		const data = {
			app: { baseUrl: 'http://localhost:3000' },
			auth: { providers: { okta: { production } } },
		};
		return schema.process(
			[{ context: 'app-config', data }], options);
	};
	const id = { resolver: RESOLVER };
	const email = { resolver: BY_EMAIL };
	check([id]);
	const withOption = { ...id, more: true };
	for (const wrong of [[email], [id, email], [], [withOption]]) {
		assert.throws(() => check(wrong), /Config validation failed/);
	}
	const [{ data }] = check([id], { visibility: ['secret'] });
	assert.deepEqual(data.auth.providers.okta,
		{ production: { clientSecret: 'a-secret' } });
});
