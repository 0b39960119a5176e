#include "visited.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* FNV-1a, 64 bits. */
static uint64_t hash(const char *text)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return value;
}

bool visited_add(struct visited *visited, const char *url)
{
	uint64_t value = hash(url);

	for (size_t i = 0; i < visited->count; i++)
		if (visited->hashes[i] == value)
			return false;
	if (visited->count == visited->capacity) {
		visited->capacity = visited->capacity ? visited->capacity * 2 : 16;
		visited->hashes = memory_resize(visited->hashes, visited->capacity, sizeof *visited->hashes);
	}
	visited->hashes[visited->count++] = value;
	return true;
}

void visited_clear(struct visited *visited)
{
	free(visited->hashes);
	memset(visited, 0, sizeof *visited);
}
