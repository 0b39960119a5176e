/*
 * What a publication changes: what is new, other, named otherwise, gone; and which files stay as they are.
 */
#ifndef DIFFERENCE_H
#define DIFFERENCE_H

#include <stdbool.h>

#include "arena.h"
#include "catalog.h"
#include "published.h"
#include "relation_list.h"

/* What held a ref in the base and holds it no longer. */
struct gone {
	const char *ref;
	uint64_t okta_id;          /* hash_of() it; 0: none */
	uint32_t to;               /* renamed: index of the row that it is now */
	bool renamed;
	bool taken_over;           /* another Okta id has the ref now */
};

/* A published name that another Okta id has now. */
struct taken_over {
	uint32_t row;              /* index of the row that has the ref now */
	uint32_t file;             /* index of the published file that had it */
	const char *from;          /* the Okta id; the row has the other one */
};

struct difference {
	/*
	 * Rows have the states ROW_ADDED, ROW_RENAMED, ROW_CHANGED and
	 * ROW_SAME; those with a ref of another Okta id are taken_over, too.
	 */
	size_t added, changed;
	struct taken_over *taken_over; /* in the order of the rows */
	size_t taken_over_count;
	struct gone *removed;       /* by ref; not those that were taken over */
	struct gone *renamed;       /* in the order of the rows; behind those that were removed, in one block */
	size_t removed_count, renamed_count;
	bool *intact;               /* by file: it holds what would be written, byte for byte */
	size_t files;
	/* What the guard counts: who held a ref before and does not now, of those that were there. */
	unsigned long users_before, groups_before, members_before, users_gone, groups_gone;
	struct relation_list members_gone;   /* what changed or gone entities stated and no longer do */
	struct arena arena;
};

/* Sets the rows' states and fills the struct; keep_invalid comes first. 0, or the exit status after a message. */
int difference_find(struct difference *difference, struct catalog *catalog, struct published *published,
	const struct settings *settings);

/* Takes out of members_gone what another entity states now, as the other side of it. False after a message. */
bool difference_check_members(struct difference *difference, struct catalog *catalog);

void difference_free(struct difference *difference);

#endif
