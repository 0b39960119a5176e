// Who signs in to a real Backstage with its own resolvers, which look only at
// the e-mail, and what catalog-emit --sign-in reports of them beforehand.
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

/** An address of that many UTF-16 code units. */
const long = (first, length) =>
	`${first.padEnd(length - '@long.example'.length, 'x')}@long.example`;

// Addresses that programs tend to read differently.
const ODD = [
	null, '', 'plus@odd.example', 'plus+tag@odd.example',
	'only+tag@odd.example', '+@odd.example', 'UPPER@ODD.EXAMPLE',
	'Mixed.Case@odd.example',
	'bob@odd.example', 'bob@other.example', '_bob!@odd.example',
	// A sigma at the end of a word, in three ways.
	'\u039f\u03a3@odd.example', '\u03bf\u03c2@odd.example',
	'\u03bf\u03c3@odd.example', '\u03a3@odd.example',
	// I with and without a dot.
	'\u0130pek@odd.example', 'i\u0307pek@odd.example', 'ipek@odd.example',
	'I\u015fil@odd.example', '\u0131\u015fil@odd.example',
	'stra\u00dfe@odd.example', 'strasse@odd.example',
	'comma,a@odd.example', 'comma,b@odd.example', 'equal=a@odd.example',
	' blank@odd.example', 'blank2@odd.example ', '\u00a0blank3@odd.example',
	'"quoted"@odd.example', 'slash/a@odd.example', 'per%20cent@odd.example',
	'no-domain', '@odd.example', 'dot.@odd.example', '..@odd.example',
	'tab\tx@odd.example', 'delete\x7f@odd.example', '\uffe6@odd.example',
	long('a', 200), long('b', 201), long('c+tag', 201),
	long('d\u0130', 200), long('e\u0130', 199), long('f'.repeat(70), 120),
	long('\u{1f600}', 200),
	long('\u{1f600}g', 201),
].map((email, n) => ({ id: `00uOdd${n}`, login: `odd.${n}@login.odd`, email }));

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

/** Makes one catalog of all orgs, with more options of catalog-emit. */
const publish = options => org.run('catalog-emit -o catalog.yaml'
	+ ` ${options} sim.ndjson keep.ndjson login.ndjson odd.ndjson`);

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
	map('odd', ODD, '');
	publish('');
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

const REPORTED = {
	'email-annotation': 'annotation',
	'profile-email': 'profile',
	'email-local-part': 'name',
};
for (const [resolver, environment] of Object.entries(REPORTED)) {
	test(`catalog-emit --sign-in ${resolver} reports exactly the users who`
		+ ' cannot sign in as themselves', async () => {
		publish(`--sign-in ${resolver} --summary-file summary.json`);
		const { signIn } = JSON.parse(
			readFileSync(join(work, 'summary.json'), 'utf8'));
		const { refused } = signIn;
		const reported = new Map(
			refused.map(({ ref, reason }) => [ref, reason]));
		const sim = [...org.truth().users.values()]
			.map(({ id, profile }) => ({ id, ...profile }));
		const wrong = [];
		for (const person of [
			...sim, ...ODD,
			...Object.values(KEEP), ...Object.values(LOGIN),
		]) {
			const own = refOf(person);
			const profile = profileOf(person);
			const real = await outcome(profile, environment);
			const reason = reported.get(own);
			if ((real === own) === (reason !== undefined)) {
				const { email } = person;
				wrong.push({ email, own, real, reason });
			}
		}
		assert.deepEqual(wrong, []);
		assert.equal(refused.length, reported.size);
		assert.ok(refused.every(({ reason }) => reason));
	});
}
