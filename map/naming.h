/*
 * The naming rules: those of RoadieHQ's provider, made valid for Backstage.
 */
#ifndef NAMING_H
#define NAMING_H

#include "buffer.h"
#include "settings.h"
#include "slice.h"

/*
 * What a rule itself gives, as RoadieHQ's function of that name does: appended to name. False where that function
 * throws. text: the Okta id, e-mail, group name or attribute; data NULL: absent.
 */
bool naming_user_rule(enum user_rule rule, struct slice text, struct buffer *name);
bool naming_group_rule(enum group_rule rule, struct slice text, struct buffer *name);

/*
 * Appends to valid a name that Backstage takes, made of what a rule gave (ruled: it gave something), of the Okta id where nothing usable
 * is in it; then a line says so. True if name was valid as it came.
 */
bool naming_make_valid(struct buffer *valid, bool ruled, struct slice name,
	struct slice id, const char *what);

#endif
