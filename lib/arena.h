/*
 * Memory for many small strings that are freed together.
 */
#ifndef ARENA_H
#define ARENA_H

#include "slice.h"

struct arena {
	struct arena_block *blocks; /* a zeroed struct is an empty arena */
	size_t size;                /* of the blocks, in bytes */
};

/* A copy of the bytes with a NUL behind them, behind which 7 bytes more may be read, whatever they are; it lives as long as the arena. */
const char *arena_copy(struct arena *arena, struct slice bytes);

void arena_free(struct arena *arena);

#endif
