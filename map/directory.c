#include "directory.h"

#include <stdlib.h>

#include "memory.h"

uint32_t parties_number(struct parties *parties, struct slice id)
{
	uint32_t number = string_table_number(&parties->ids, id);

	if (number >= parties->capacity) {
		uint32_t old = parties->capacity;

		parties->capacity = old ? old * 2 : 256;
		parties->at = memory_resize(parties->at, parties->capacity, sizeof *parties->at);
		memset(parties->at + old, 0, (parties->capacity - old) * sizeof *parties->at);
	}
	return number;
}

struct party *parties_get(struct parties *parties, struct slice id)
{
	uint32_t number = parties_number(parties, id);

	parties->at[number].id = parties->ids.strings[number];
	return &parties->at[number];
}

bool parties_has(const struct parties *parties, uint32_t number)
{
	return parties->at[number].line != 0 && !parties->at[number].left_out;
}

void directory_add_edge(struct directory *directory, uint32_t group, uint32_t user)
{
	directory->memberships++;
	if (directory->edge_count == directory->edge_capacity) {
		directory->edge_capacity = directory->edge_capacity ? directory->edge_capacity * 2 : 1024;
		directory->edges = memory_resize(directory->edges, directory->edge_capacity, sizeof *directory->edges);
	}
	directory->edges[directory->edge_count++] = (struct edge){group, user};
}

static void parties_free(struct parties *parties)
{
	string_table_free(&parties->ids);
	free(parties->at);
}

void directory_free(struct directory *directory)
{
	parties_free(&directory->users);
	parties_free(&directory->groups);
	free(directory->edges);
	arena_free(&directory->arena);
}
