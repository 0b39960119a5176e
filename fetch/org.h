/*
 * One run: the users, groups and memberships of an org to the stream.
 */
#ifndef ORG_H
#define ORG_H

#include "cache.h"
#include "client.h"
#include "seen.h"
#include "settings.h"
#include "stream.h"

struct org {
	const struct settings *settings;
	struct client client;
	struct stream stream;
	bool begun;                     /* the header is in the stream: org and
					   token are what they should be */
	struct seen seen;               /* ids of the users and groups that are in the stream; members of long lists in lanes */
	bool lanes_taken[SEEN_LANES];
	struct cache *cache;            /* NULL: none */
	long users_page, groups_page, members_page; /* page sizes */
	unsigned long users, groups, memberships, groups_gone, cached;
};

/* Fetches; gives the exit status (messages printed). Takes over the settings' key. */
int org_fetch(const struct settings *settings);

/* {"kind":"OktaUser","user":TEXT} to the stream; false when the id was there already. */
bool org_add_user(struct org *org, struct slice id, struct slice text);

/* {"kind":"OktaGroup","group":TEXT} likewise. */
void org_add_group(struct org *org, struct slice id, struct slice text);

/*
 * Drops credentials and their links from lists of users: nobody reads them, and orgs with delegated authentication
 * answer faster (reference: okta.com, "List Users", Content-Type okta-response; the quoted form).
 */
#define ORG_USER_LIST_HEADER "Content-Type: application/json; okta-response=\"omitCredentials,omitCredentialsLinks, " \
	"omitTransitioningToStatus\""

/* What to do when Okta shows nobody: the hint about the admin role. */
#define ORG_ROLE_HINT "assign the app an admin role (Admin roles tab) with \"View users and their details\" and " \
	"\"View groups and their details\" on a resource set with the users and groups"

#endif
