// Who signs in to a real Backstage with its own resolvers, which look only at
// the e-mail.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Backstage, eventually, fromReadme } from './backstage.mjs';
import { OktaSignIn } from './okta-sign-in.mjs';
import { Org, oktaStream } from './org.mjs';

const FEATURES = [
	'@backstage/plugin-auth-backend',
	'@backstage/plugin-auth-backend-module-okta-provider',
];
const BY_ANNOTATION = 'emailMatchingUserEntityAnnotation';
const BY_PROFILE = 'emailMatchingUserEntityProfileEmail';
const BY_NAME = 'emailLocalPartMatchingUserEntityName';

// The environments of the provider, each with its resolvers.
const ENVIRONMENTS = {
	annotation: [BY_ANNOTATION],
	profile: [BY_PROFILE],
	name: [BY_NAME],
	all: [BY_ANNOTATION, BY_PROFILE, BY_NAME],
};

const work = mkdtempSync(join(process.env.WORK, 'sign-in-email-'));
const org = new Org(work, '--users', '60', '--groups', '5', '--seed', '3');

/** A user whose address is the login unless given. */
const user = (id, login, email = login) => ({ id, login, email });

const KEEP = {
	first: user('00uKeepFirst', 'one@keep.example', 'team@keep.example'),
	second: user('00uKeepSecond', 'two@keep.example', 'TEAM@Keep.example'),
	ann: user('00uKeepAnn', 'ann@keep.example'),
};
const LOGIN = {
	desk: user('00uLoginDesk', 'desk@login.example'),
	other: user('00uOther', 'other@login.example', 'desk@login.example'),
	third: user('00uThird', 'three@login.example', 'both@login.example'),
	fourth: user('00uFourth', 'four@login.example', 'both@login.example'),
};
const NOBODY = '00uNobody';

let okta, backstage, people;

/** The README's configuration of sign-in by e-mail, in all ENVIRONMENTS. */
function configuration() {
	const [head, body] = fromReadme(`resolver: ${BY_ANNOTATION}`, {
		'https://acme.okta.com': okta.url, production: 'annotation',
	}).split(/^ *annotation:\n/m);
	return head + Object.entries(ENVIRONMENTS).map(([name, resolvers]) => {
		const list = resolvers.map(item => `{ resolver: ${item} }`);
		const resolved = `resolvers: [${list}]`;
		return `      ${name}:\n`
			+ body.replace(/resolvers:\n.*/, resolved);
	}).join('');
}

/** The user entity as which somebody signs in, or why that is refused. */
async function outcome(profile, environment) {
	const { response, error } =
		await okta.signIn(backstage, profile, environment);
	return response?.backstageIdentity?.identity.userEntityRef
		?? error.message;
}

const profileOf = ({ id, email }) => ({ sub: id, email });
const refOf = ({ id }) => people.get(id);
const SEVERAL = 'User lookup resulted in multiple matches';

before(async () => {
	okta = await OktaSignIn.start();
	process.env.AUTH_OKTA_CLIENT_ID = 'an-app';
	process.env.AUTH_OKTA_CLIENT_SECRET = 'a-secret';
	const map = (id, users, options) => {
		const stream = oktaStream(id, Object.values(users));
		writeFileSync(join(work, `${id}.okta`), stream);
		org.run(`okta-map ${options} ${id}.okta > ${id}.ndjson`);
	};
	org.run('okta-fetch --ca-file "$ORG/ca.pem" | okta-map > sim.ndjson');
	map('keep', KEEP, '--shared-email keep');
	map('login', LOGIN, '--shared-email login');
	org.run('catalog-emit -o catalog.yaml'
		+ ' sim.ndjson keep.ndjson login.ndjson');
	const file = '/var/lib/okta-catalog/default.yaml';
	const catalog = fromReadme('locations',
		{ [file]: join(work, 'catalog.yaml') });
	backstage = await Backstage.start(work,
		catalog + configuration(), FEATURES);
	const published = readFileSync(join(work, 'catalog.yaml'), 'utf8')
		.match(/^kind: User$/gm).length;
	await eventually(async () => {
		const users = await backstage.entities('user');
		assert.equal(users.length, published);
		people = new Map(users.map(({ metadata }) => [
			metadata.annotations['okta.com/user-id'],
			`user:default/${metadata.name.toLowerCase()}`,
		]));
	});
});

after(async () => {
	okta?.stop();
	await backstage?.stop();
	org.stop();
	rmSync(work, { recursive: true });
});

test('sign-in by e-mail: everybody who alone has an address signs in as'
	+ ' themselves, in any case of the address', async () => {
	const ann = refOf(KEEP.ann);
	for (const email of [KEEP.ann.email, KEEP.ann.email.toUpperCase()]) {
		for (const environment of Object.keys(ENVIRONMENTS)) {
			const profile = { sub: KEEP.ann.id, email };
			assert.equal(await outcome(profile, environment), ann);
		}
	}
});

test('sign-in by e-mail: somebody who is not in the catalog is refused',
	async () => {
		const profile = { sub: NOBODY, email: 'nobody@keep.example' };
		assert.match(await outcome(profile, 'annotation'),
			/^Failed to sign-in, unable to resolve/);
	});

test('sign-in by e-mail: --shared-email keep: all who share an address are'
	+ ' refused, also if a resolver that admits them follows', async () => {
	const { first, second } = KEEP;
	for (const person of [first, second, LOGIN.third, LOGIN.fourth]) {
		const profile = profileOf(person);
		for (const environment of ['annotation', 'profile', 'all']) {
			const told = await outcome(profile, environment);
			assert.equal(told, SEVERAL);
		}
	}
	// The last resolver of "all" admits both as the same user.
	for (const person of [first, second]) {
		const admitted = await outcome(profileOf(person), 'name');
		assert.equal(admitted, refOf(first));
	}
});

test('sign-in by e-mail: --shared-email login: the user whose login the address'
	+ ' is signs in, and the others sign in as that user', async () => {
	const desk = refOf(LOGIN.desk);
	assert.notEqual(refOf(LOGIN.other), desk);
	for (const environment of ['annotation', 'profile', 'all']) {
		for (const person of [LOGIN.desk, LOGIN.other]) {
			const profile = profileOf(person);
			assert.equal(await outcome(profile, environment), desk);
		}
	}
});

test('sign-in by e-mail: somebody outside the catalog signs in as the user'
	+ ' inside who has the address', async () => {
	const ann = refOf(KEEP.ann);
	const outside = { sub: NOBODY, email: KEEP.ann.email };
	for (const environment of Object.keys(ENVIRONMENTS)) {
		assert.equal(await outcome(outside, environment), ann);
	}
	// An address without a match goes on to the next rule, which admits it.
	const tagged = { sub: NOBODY, email: 'ann+tag@keep.example' };
	assert.notEqual(await outcome(tagged, 'annotation'), ann);
	assert.equal(await outcome(tagged, 'profile'), ann);
	assert.equal(await outcome(tagged, 'all'), ann);
});

test('sign-in by e-mail: Backstage reads an address with commas as conditions,'
	+ ' and admits its owner as somebody else', async () => {
	const fields = {
		annotation: 'metadata.annotations.okta.com/email',
		profile: 'spec.profile.email',
	};
	for (const [environment, field] of Object.entries(fields)) {
		const email = `"x,${field}=${KEEP.ann.email},kind="@b.example`;
		assert.equal(await outcome({ sub: NOBODY, email }, environment),
			refOf(KEEP.ann));
	}
});
