/*
 * Sets of strings and of pairs of strings, of which only 64 bits each are kept: to count and to look up, where two of
 * the same hash in a billion billion do no harm.
 */
#ifndef HASH_SET_H
#define HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct hash_set {
	uint64_t *slots;      /* a zeroed struct is an empty set; 0: an empty slot */
	size_t size, used;    /* used: slots that are not empty, removed ones too */
	size_t count;
};

uint64_t hash_of(struct slice string);

/* Of an ordered pair. */
uint64_t hash_pair(uint64_t first, uint64_t second);

void hash_set_add(struct hash_set *set, uint64_t hash);
bool hash_set_has(const struct hash_set *set, uint64_t hash);
void hash_set_remove(struct hash_set *set, uint64_t hash);
void hash_set_free(struct hash_set *set);

#endif
