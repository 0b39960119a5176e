/*
 * A path to an attribute of a user or group, as people write it on a command line: costCenter, onCall.rota,
 * skills[0], profile.orgUnit, type, source.id, ["a.b"]. Like lodash's get, which RoadieHQ's configuration uses.
 */
#ifndef ATTRIBUTE_PATH_H
#define ATTRIBUTE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

enum { ATTRIBUTE_DEPTH = 16 };

struct attribute_path {
	char *text;                          /* owns what steps point into */
	const char *steps[ATTRIBUTE_DEPTH];  /* member names or indexes, from the profile or from the record on */
	size_t count, first_length;          /* of steps, and of the first of them */
	bool in_profile;
};

/*
 * Reads a path. One that begins with a member that Okta's records themselves have (id, status, type, source, ...) starts at the
 * record; any other, and what follows "profile.", at the profile. False when it is none (empty, too deep, an open bracket).
 */
bool attribute_path_parse(struct attribute_path *path, const char *text);

/* Is it the e-mail of the profile? */
bool attribute_path_is_email(const struct attribute_path *path);

void attribute_path_free(struct attribute_path *path);

/*
 * What stands at the rest of the path below the value of its first step: verbatim JSON, data NULL when nothing does. The value
 * is well-formed JSON.
 */
struct slice attribute_path_below(const struct attribute_path *path, struct slice value);

#endif
