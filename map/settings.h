/*
 * okta-map's options.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "options.h"

enum user_rule { USER_STRIP_DOMAIN, USER_ID, USER_KEBAB_EMAIL, USER_SLUGIFY_EMAIL };
enum group_rule { GROUP_KEBAB_NAME, GROUP_ID, GROUP_PROFILE_NAME, GROUP_PROFILE_ATTRIBUTE };
enum membership { MEMBERSHIP_MEMBER_OF, MEMBERSHIP_MEMBERS, MEMBERSHIP_BOTH };

struct settings {
	int user_rule, membership;       /* enum user_rule, membership */
	enum group_rule group_rule;
	const char *group_attribute;     /* of GROUP_PROFILE_ATTRIBUTE */
	const char *name_space, *group_type, *picture, *exclude_status;
	const char *input;               /* path, or NULL: standard input */
};

/* OPTIONS_GO_ON, or the exit status to end with. */
int settings_read(struct settings *settings, int argc, char **argv);

#endif
