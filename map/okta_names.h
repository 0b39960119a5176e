/*
 * The names that a group had in Okta, oldest first, as its line of the ledger
 * records them: okta-fetch follows a configured group by its id when somebody
 * renames it.
 */
#ifndef OKTA_NAMES_H
#define OKTA_NAMES_H

#include "arena.h"
#include "directory.h"
#include "slice.h"

enum { OKTA_NAMES_MOST = 16 }; /* of one group: the first and the newest 15 */

/* Takes the array of strings that the ledger has for the group. */
void okta_names_read(struct parties *groups, struct arena *arena,
	uint32_t number, struct slice json);

/* Adds the name that Okta has for the group now, unless it is known. */
void okta_names_add(struct parties *groups, struct arena *arena,
	uint32_t number, struct slice name);

/* The names as a JSON array; NULL: none are known. */
const char *okta_names_of(const struct parties *groups, uint32_t number);

#endif
