// What catalog-emit --sign-in reports before publication is what Backstage's own resolvers do with the published users.
// Hundreds of random catalogs, each in milliseconds, because the resolvers run in
// this process; sign-in.test.mjs and sign-in-email.test.mjs compare one catalog
// through the sign-in of a running Backstage.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';

const require = createRequire(import.meta.url);
const inside = path => require(resolve('node_modules/@backstage', path));
const { commonSignInResolvers } = require('@backstage/plugin-auth-node');
const { oktaSignInResolvers } = require('@backstage/plugin-auth-backend-module-okta-provider');
const { CatalogClient } = require('@backstage/catalog-client');
const { stringifyEntityRef } = require('@backstage/catalog-model');
const { CatalogAuthResolverContext } = inside('plugin-auth-backend/dist/lib/resolvers/CatalogAuthResolverContext.cjs.js');
const { parseEntityFilterString } = inside('plugin-catalog-backend/dist/service/request/parseEntityFilterParams.cjs.js');
const { buildEntitySearch } = inside('plugin-catalog-backend/dist/database/operations/stitcher/buildEntitySearch.cjs.js');

const emit = resolve(process.env.BIN ?? '../../bin', 'catalog-emit');
const work = mkdtempSync(join(process.env.WORK ?? '/tmp', 'sign-in-report-'));
after(() => rmSync(work, { recursive: true }));

/** The resolver of examples/backstage, where `run` puts it. */
const ownResolver = join(dirname(process.env.MODULE), 'sign-in', 'userIdResolver.js');

/** The catalog's search, without its database: real clients, real filters, real search rows. */
class Catalog {
	client = new CatalogClient({ discoveryApi: {} });
	constructor(entities) {
		this.entities = entities;
		this.rows = entities.map(entity => buildEntitySearch('id', { ...entity, metadata: { uid: 'u', ...entity.metadata } }));
	}
	async getEntities({ filter }) {
		const found = new Set();
		for (const text of this.client.getFilterValue(filter)) {
			const conditions = parseEntityFilterString(text);
			this.entities.forEach((entity, n) => {
				const holds = ({ key, values }) => this.rows[n].some(row => row.key === key.toLocaleLowerCase('en-US')
					&& (!values || values.some(value => row.value === value.toLocaleLowerCase('en-US'))));
				if (conditions?.every(holds)) found.add(entity);
			});
		}
		return { items: [...found] };
	}
	async getEntityByRef(ref) {
		return this.entities.find(entity => stringifyEntityRef(entity) === stringifyEntityRef(ref));
	}
}

/** The ref that a person with this address and Okta id signs in as, or undefined. */
async function signIn(catalog, resolver, email, id) {
	const auth = { getOwnServiceCredentials: async () => ({}) };
	let signedIn;
	const context = CatalogAuthResolverContext.create({
		catalog, auth, tokenIssuer: { issueToken: async ({ claims }) => { signedIn = claims.sub; return { token: '' }; } },
		userInfo: { addUserInfo: async () => {} },
	});
	try {
		await resolver({ catalog, auth })({ profile: { email }, result: { fullProfile: { id } } }, context);
		return signedIn;
	} catch {
		return undefined;
	}
}

const resolvers = {
	'email-annotation': () => oktaSignInResolvers.emailMatchingUserEntityAnnotation(),
	'profile-email': () => commonSignInResolvers.emailMatchingUserEntityProfileEmail(),
	'email-local-part': () => commonSignInResolvers.emailLocalPartMatchingUserEntityName(),
	'user-id': services =>
		require(ownResolver).createUserIdResolver(services),
};

/** Numbers that are the same in each run. */
function dice(seed) {
	return below => {
		seed = (seed * 1103515245 + 12345) % 2147483648;
		return Math.floor(seed / 65536) % below;
	};
}

function organization(roll) {
	const pick = list => list[roll(list.length)];
	const address = () => pick(['ana', 'Ana', 'ana+x', 'ana+', '+x', '', 'b.en', 'BEN', 'cy', 'ΟΔΟΣ', 'οδος', 'İ', 'i̇', '\u212Aim', 'kim', 'a'.repeat(198),
		'b'.repeat(199), 'tag+' + 'b'.repeat(199), 'a,b', 'o=1', '"q"', 'a@b']) + pick(['@x', '@x', '@x', '@X', '@y', '', '@']);
	const around = text => pick(['', '', '', '', '', ' ', '\u3000', '\u0085']) + text + pick(['', '', '', '', '', ' ', ',', ', ,', '\ufeff', '\u200b']);
	const users = new Map();
	for (let n = 3 + roll(12); n > 0; n--) {
		const name = pick(['ana', 'ana', 'ben', 'b.en', 'cy', 'kim', 'x', 'oo', 'a'.repeat(62)]) + pick(['', '', '1', '2']);
		const email = pick([undefined, ...Array(6).fill(around(address()))]);
		const annotations = roll(6) && email !== undefined ? { 'okta.com/email': email } : {};
		if (roll(8)) annotations['okta.com/user-id'] = pick(['00u1', '00U1', '00u2', '00u3', '00u4', 'a'.repeat(64), 'a'.repeat(65), '00u-1', ' 00u1', '', '00u1,kind=user']);
		const profile = { displayName: name, ...roll(6) && email && { email } };
		const metadata = { name, namespace: pick(['default', 'default', 'default', 'emea']), annotations };
		users.set(`${metadata.namespace}/${name}`, { email, entity: { apiVersion: 'backstage.io/v1alpha1', kind: 'User', metadata, spec: { profile, memberOf: [] } } });
	}
	return [...users.values()];
}

for (const [name, resolver] of Object.entries(resolvers))
	test(`--sign-in ${name} reports whom Backstage's resolver refuses or takes for somebody else`, async () => {
		const seen = new Set();
		for (let seed = 1; seed <= 150; seed++) {
			const users = organization(dice(seed));
			const stream = join(work, 'in'), summary = join(work, 'summary');
			writeFileSync(stream, [...users.map(user => user.entity), { kind: 'End' }].map(line => JSON.stringify(line) + '\n').join(''));
			execFileSync(emit, ['-q', '--strict', '--sign-in', name, '--summary-file', summary, '-o', join(work, 'out.json'), '-f', 'json', '--force', stream]);
			const { refused } = JSON.parse(readFileSync(summary)).signIn;
			const reported = new Map(refused.map(({ ref, reason }) => [ref, reason]));
			const catalog = new Catalog(users.map(user => user.entity));
			for (const { email, entity } of users) {
				const ref = stringifyEntityRef(entity), reason = reported.get(ref);
				// Who has neither in the entity has an address that nobody knows.
				const { annotations } = entity.metadata, known = annotations['okta.com/email'] ?? entity.spec.profile.email;
				const became = await signIn(catalog, resolver, known && email, annotations['okta.com/user-id'] ?? '');
				const where = `seed ${seed}: ${ref} became ${became}, reported: ${reason}, ${JSON.stringify(users.map(user => user.entity))}`;
				if (reason?.startsWith('would sign in as ')) assert.equal(became, reason.slice('would sign in as '.length), where);
				else assert.equal(became, reason === undefined ? ref : undefined, where);
				seen.add(reason?.replace(/(with|as) user:.*/, '$1'));
			}
		}
		assert.ok(seen.size >= 4, `only ${[...seen]}`);
	});
