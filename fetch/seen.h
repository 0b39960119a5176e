/*
 * An exact set of Okta ids: what was already written. 16 bytes a slot: Okta's ids are 20 characters of 62, which
 * fit in 120 bits.
 */
#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct seen_key {
	uint64_t high, low; /* both 0: an empty slot */
};

struct seen {
	struct seen_key *slots; /* a zeroed struct is an empty set; seen_free gives the memory back */
	size_t size, count;
};

/* Adds an id; false when it was there. */
bool seen_add(struct seen *seen, struct slice id);

bool seen_has(const struct seen *seen, struct slice id);

void seen_free(struct seen *seen);

#endif
