/*
 * The naming rules: those of RoadieHQ's provider, made valid for Backstage.
 */
#ifndef NAMING_H
#define NAMING_H

#include "arena.h"
#include "buffer.h"
#include "directory.h"
#include "settings.h"

/*
 * What a rule itself gives, as RoadieHQ's function of that name does: appended to name. False where that function
 * throws. text: the Okta id, e-mail, group name or attribute; NULL: absent.
 */
bool naming_user_rule(enum user_rule rule, const char *text, struct buffer *name);
bool naming_group_rule(enum group_rule rule, const char *text, struct buffer *name);

/* A valid name by the settings' rule; the Okta id where the rule gives nothing usable (a line says so). */
const char *naming_of_user(struct arena *arena, const struct settings *settings, const struct party *user);
const char *naming_of_group(struct arena *arena, const struct settings *settings, const struct party *group, const char *attribute);

#endif
