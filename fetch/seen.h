/*
 * An exact set of Okta ids: what was already written, and beside it up to SEEN_LANES sets more, one bit each in the same slots, for
 * long lists of members that are read at the same time. 16 bytes a slot: Okta's ids are 20 characters of 62, which fit in 120 bits.
 */
#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

enum { SEEN_LANES = 4 };

struct seen_key {
	uint64_t high, low; /* both 0: an empty slot */
};

struct seen {
	struct seen_key *slots; /* a zeroed struct is an empty set; seen_free gives the memory back */
	size_t size, used;      /* slots, and those with an id */
	size_t count;           /* ids that were added */
};

/* Adds an id; false when it was there. */
bool seen_add(struct seen *seen, struct slice id);

/* Was it added? */
bool seen_has(const struct seen *seen, struct slice id);

/* Adds an id to the set of a lane (from 0); false when it was there. */
bool seen_mark(struct seen *seen, unsigned lane, struct slice id);

/* Adds all that another set has to the set of a lane. */
void seen_mark_all(struct seen *seen, unsigned lane, const struct seen *other);

/* Empties the set of a lane. */
void seen_clear_lane(struct seen *seen, unsigned lane);

void seen_free(struct seen *seen);

#endif
