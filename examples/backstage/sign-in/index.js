// @ts-check
'use strict';

/**
 * Sign-in through Okta by Okta's user id instead of an e-mail address. Replaces
 * @backstage/plugin-auth-backend-module-okta-provider: the same provider and
 * authenticator, but no other sign-in resolver than RESOLVER.
 */

const {
	coreServices, createBackendModule,
} = require('@backstage/backend-plugin-api');
const {
	oktaAuthenticator: authenticator,
} = require('@backstage/plugin-auth-backend-module-okta-provider');
const {
	authProvidersExtensionPoint, createOAuthProviderFactory,
	createSignInResolverFactory,
} = require('@backstage/plugin-auth-node');
const { catalogServiceRef } = require('@backstage/plugin-catalog-node');
const { createUserIdResolver } = require('./userIdResolver');

const RESOLVER = 'oktaUserIdMatchingUserEntityAnnotation';

/**
 * Throws unless every environment of the provider lists RESOLVER alone. A
 * resolver by e-mail that was left in the configuration would override it.
 *
 * @param {import('@backstage/config').Config} config
 */
function requireResolverAlone(config) {
	const okta = config.getOptionalConfig('auth.providers.okta');
	for (const environment of okta?.keys() ?? []) {
		const path = `auth.providers.okta.${environment}.signIn`;
		const resolvers = okta?.getConfig(environment)
			.getOptionalConfigArray('signIn.resolvers') ?? [];
		const names = resolvers.map(item => item.getString('resolver'));
		const others = names.filter(name => name !== RESOLVER);
		if (others.length > 0) {
			throw new Error(`${path}.resolvers: remove`
				+ ` ${others.join(', ')}: only ${RESOLVER} may`
				+ ' be listed, because another resolver can'
				+ ' sign people in as somebody else');
		}
		if (names.length !== 1) {
			throw new Error(
				`${path}.resolvers: list ${RESOLVER}, once`);
		}
	}
}

module.exports = createBackendModule({
	pluginId: 'auth',
	moduleId: 'okta-catalog-sign-in',
	register(env) {
		const deps = {
			auth: coreServices.auth,
			catalog: catalogServiceRef,
			config: coreServices.rootConfig,
			providers: authProvidersExtensionPoint,
		};
		env.registerInit({ deps, async init(services) {
			const { config, providers } = services;
			requireResolverAlone(config);
			const byUserId = createSignInResolverFactory({
				create: () => createUserIdResolver(services),
			});
			providers.registerProvider({
				providerId: 'okta',
				factory: createOAuthProviderFactory({
					authenticator,
					signInResolverFactories: {
						[RESOLVER]: byUserId,
					},
				}),
			});
		} });
	},
});
