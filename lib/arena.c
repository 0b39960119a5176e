#include "arena.h"

#include <stdlib.h>

#include "memory.h"

enum { BLOCK_SIZE = 256 * 1024, READABLE = 7 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	char bytes[];
};

const char *arena_copy(struct arena *arena, struct slice bytes)
{
	struct arena_block *block = arena->blocks;
	size_t need = bytes.length + 1;
	char *copy;

	if (!block || block->size - block->used < need) {
		size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;

		block = memory_alloc(sizeof *block + size + READABLE);
		block->size = size;
		block->next = arena->blocks;
		arena->size += size;
		arena->blocks = block;
	}
	copy = block->bytes + block->used;
	if (bytes.length)
		memcpy(copy, bytes.data, bytes.length);
	copy[bytes.length] = '\0';
	block->used += need;
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
