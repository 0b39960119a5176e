/*
 * Finds the users whom a sign-in resolver of Backstage would refuse, or sign in
 * as somebody else, before they are published (--sign-in).
 *
 * Source: @backstage/plugin-auth-node, commonSignInResolvers;
 * @backstage/plugin-auth-backend-module-okta-provider, resolvers;
 * @backstage/plugin-auth-backend, CatalogAuthResolverContext; and
 * @backstage/plugin-catalog-backend, buildEntitySearch and
 * parseEntityFilterParams. The resolver by user id is that of
 * examples/backstage.
 */
#ifndef SIGN_IN_H
#define SIGN_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct catalog;
struct settings;

enum sign_in_resolver {
	SIGN_IN_USER_ID, SIGN_IN_EMAIL_ANNOTATION, SIGN_IN_PROFILE_EMAIL,
	SIGN_IN_EMAIL_LOCAL_PART,
	SIGN_IN_NONE = -1
};

/* Their names by number, as --sign-in has them; NULL-terminated. */
extern const char *const sign_in_names[];

struct sign_in_user;

struct sign_in {
	struct sign_in_user *users; /* all, in the order of the rows */
	size_t count, refused;
	int resolver;               /* enum sign_in_resolver */
};

/*
 * Fills catalog->sign_in for settings->sign_in, unless that is SIGN_IN_NONE.
 * The rows must be those that are published, and must not move afterwards.
 * Reports each refused user (debug). False after a message (74).
 */
bool sign_in_check(struct catalog *catalog, const struct settings *settings);

/*
 * The ref of the user of that number, and why the user could not sign in in
 * *reason (replaced); NULL: the user could.
 */
const char *sign_in_refused(const struct catalog *catalog, size_t number,
	struct buffer *reason);

void sign_in_free(struct sign_in *sign_in);

#endif
