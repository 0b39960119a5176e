// @ts-check
'use strict';

/**
 * Finds the user of the catalog that was made from the Okta user who signs in.
 *
 * @typedef {import('@backstage/backend-plugin-api').AuthService} AuthService
 * @typedef {import('@backstage/catalog-model').Entity} Entity
 * @typedef {import('@backstage/plugin-auth-node').SignInResolver<any>} Resolver
 * @typedef {import('@backstage/plugin-catalog-node').CatalogService} Catalog
 */

const { stringifyEntityRef } = require('@backstage/catalog-model');
const { NotAllowedError } = require('@backstage/errors');

const ANNOTATION = 'okta.com/user-id';

// The catalog would read a text with a comma as several conditions.
const OKTA_ID = /^[0-9A-Za-z]{1,64}$/;

/**
 * @param {{ auth: AuthService, catalog: Catalog }} services
 * @param {string} id Okta's user id
 * @returns {Promise<Entity[]>} the users that have exactly this id
 */
async function findUsers({ auth, catalog }, id) {
	const filter = {
		kind: 'user', [`metadata.annotations.${ANNOTATION}`]: id,
	};
	const { items } = await catalog.getEntities({ filter },
		{ credentials: await auth.getOwnServiceCredentials() });
	// The catalog ignores case; Okta's ids are case-sensitive.
	return items.filter(({ metadata: { annotations } }) =>
		annotations?.[ANNOTATION] === id);
}

/**
 * Makes the sign-in resolver that matches the annotation okta.com/user-id with
 * the id in Okta's profile (`sub`): the only user who has exactly this id signs
 * in, and everybody else is refused. A refusal is final, because it is not a
 * NotFoundError, after which Backstage would go on to another resolver.
 *
 * @param {{ auth: AuthService, catalog: Catalog }} services
 * @returns {Resolver}
 */
exports.createUserIdResolver = services => async ({ result }, context) => {
	/** @type {unknown} */
	const id = result?.fullProfile?.id;
	if (typeof id !== 'string' || !OKTA_ID.test(id)) {
		throw new NotAllowedError('Okta\'s profile has no valid user'
			+ ' id (sub): check that "audience" is the URL of an'
			+ ' Okta org');
	}
	const users = await findUsers(services, id);
	const refs = users.map(user => stringifyEntityRef(user));
	if (users.length > 1) {
		throw new NotAllowedError(`${refs.join(' and ')} have the same`
			+ ` ${ANNOTATION} ${id}: publish each Okta user once`);
	}
	if (users.length === 0) {
		throw new NotAllowedError('No user in the catalog has'
			+ ` ${ANNOTATION} ${id}: sign in through the org that`
			+ ' the catalog is made from, and check that this user'
			+ ' is published');
	}
	const { ownershipEntityRefs } =
		await context.resolveOwnershipEntityRefs(users[0]);
	return context.issueToken({
		claims: { sub: refs[0], ent: ownershipEntityRefs },
	});
};
