/*
 * What a publication changes: what is new, other, named otherwise, gone.
 */
#ifndef DIFFERENCE_H
#define DIFFERENCE_H

#include <stdbool.h>

#include "catalog.h"
#include "published.h"

struct renamed {
	const char *to;
	struct slice from;
};

struct difference {
	const char **added, **changed; /* refs; the lists are the difference's */
	const struct catalog_row **new; /* rows that a delta tells: added, changed, renamed */
	struct slice *removed;
	struct renamed *renamed;
	size_t new_count, added_count, changed_count, removed_count, renamed_count;
	/* What the guard counts: gone or renamed, of what was there before. */
	unsigned long users_before, groups_before, members_before, users_gone, groups_gone, members_gone;
};

/* False after a message when the spool cannot be read. */
bool difference_find(struct difference *difference, struct catalog *catalog, const struct published *published, enum format format);

void difference_free(struct difference *difference);

#endif
