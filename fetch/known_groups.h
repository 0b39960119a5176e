/*
 * The groups that were read before under a configured name (--known-groups):
 * a group that was renamed in Okta is found again by its id.
 */
#ifndef KNOWN_GROUPS_H
#define KNOWN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "options.h"
#include "slice.h"

struct known_group {
	const char *id, *name;
};

/* Zeroed: no group is known. */
struct known_groups {
	struct buffer text; /* the file; the items point into it */
	struct known_group *items; /* by name, then in the file's order */
	size_t count, capacity;
};

/* A configured name, and the id of a group that had it. */
struct known_match {
	const char *id;
	size_t index;   /* of the configured name */
	char *name;     /* the group's name in Okta; NULL: not found (yet) */
	double members; /* for the caller's use */
};

/*
 * Reads FILE: an id, one blank and a name a line; empty lines, CR LF and a
 * byte order mark are allowed. 0, or STATUS_CONFIG after a message.
 */
int known_groups_read(struct known_groups *known, const char *path);
void known_groups_free(struct known_groups *known);

/*
 * What is known of the configured names that were not found (found[i] false),
 * by id, each pair once. known_matches_free it.
 */
struct known_match *known_groups_match(const struct known_groups *known,
	const struct option_list *names, const bool *found, size_t *count);
void known_matches_free(struct known_match *matches, size_t count);

/* The first match of an id, and *same: how many have it; or NULL. */
struct known_match *known_matches_find(struct known_match *matches,
	size_t count, struct slice id, size_t *same);

#endif
