#include "memberships.h"

#include <stdlib.h>

#include "directory.h"
#include "early.h"
#include "memory.h"

enum { BLOCK_PAIRS = 64 * 1024, AHEAD = 8 };

struct membership_block {
	struct membership_block *next;
	size_t used;
	struct {
		uint32_t group, user;
	} pairs[BLOCK_PAIRS];
};

void memberships_add(struct memberships *memberships, uint32_t group, uint32_t user)
{
	struct membership_block *block = memberships->blocks;

	if (!block || block->used == BLOCK_PAIRS) {
		block = memory_resize(NULL, 1, sizeof *block);
		block->next = memberships->blocks;
		block->used = 0;
		memberships->blocks = block;
	}
	block->pairs[block->used].group = group;
	block->pairs[block->used++].user = user;
	memberships->count++;
}

/* Counts become the rows' ends; filling a row from its end makes them its start. */
static void sum_up(uint32_t *start, uint32_t rows)
{
	for (uint32_t i = 1; i <= rows; i++)
		start[i] += start[i - 1];
}

/* Who has an entity, a byte each: these stay in the processor's cache, where rows do not. free() it. */
static bool *list_entities(const struct parties *parties)
{
	bool *has = memory_resize(NULL, parties->ids.count, sizeof *has);

	for (uint32_t i = 0; i < parties->ids.count; i++)
		has[i] = parties_has(parties, i);
	return has;
}

/* Counts into start, and throws out what leads nowhere. */
static size_t count_pairs(struct memberships *m, const bool *users, const bool *groups, uint32_t *start)
{
	size_t all = 0;

	for (struct membership_block *block = m->blocks; block; block = block->next) {
		size_t kept = 0;

		for (size_t i = 0; i < block->used; i++) {
			uint32_t group = block->pairs[i].group, user = block->pairs[i].user;

			if (!groups[group]) {
				m->in_strangers++;
			} else if (!users[user]) {
				m->of_strangers++;
			} else {
				start[group]++;
				block->pairs[kept++] = block->pairs[i];
			}
		}
		block->used = kept;
		all += kept;
	}
	return all;
}

void memberships_settle(struct memberships *m, struct parties *users, struct parties *groups)
{
	uint32_t rows = groups->ids.count, *start = memory_alloc(((size_t)rows + 1) * sizeof *start);
	bool *has_user = list_entities(users), *has_group = list_entities(groups);
	uint32_t *to = memory_resize(NULL, count_pairs(m, has_user, has_group, start), sizeof *to);

	free(has_user);
	free(has_group);
	for (uint32_t i = 0; i < rows; i++)
		groups->at[i].has_members = start[i] > 0;
	sum_up(start, rows);
	while (m->blocks) {
		struct membership_block *block = m->blocks;

		for (size_t i = 0; i < block->used; i++)
			to[--start[block->pairs[i].group]] = block->pairs[i].user;
		m->blocks = block->next;
		free(block);
	}
	m->members = (struct adjacency){start, to};
}

void adjacency_turn(struct adjacency *to, const struct adjacency *from, uint32_t n, const uint32_t *order, uint32_t m)
{
	uint32_t *start = memory_alloc(((size_t)n + 2) * sizeof *start);

	for (uint32_t i = 0; i < m; i++)
		for (uint32_t k = from->start[order[i]]; k < from->start[order[i] + 1]; k++)
			start[from->to[k] + 2]++;
	sum_up(start + 1, n);
	to->start = start;
	to->to = memory_resize(NULL, start[n + 1], sizeof *to->to);
	/* start[row + 1] is where the next of this row goes, and in the end where the row ends. */
	for (uint32_t i = 0; i < m; i++)
		for (uint32_t k = from->start[order[i]], end = from->start[order[i] + 1]; k < end; k++) {
			if (end - k > 2 * AHEAD)
				early(&start[from->to[k + 2 * AHEAD] + 1]);
			if (end - k > AHEAD)
				early(&to->to[start[from->to[k + AHEAD] + 1]]);
			to->to[start[from->to[k] + 1]++] = order[i];
		}
}

void adjacency_free(struct adjacency *adjacency)
{
	free(adjacency->start);
	free(adjacency->to);
	*adjacency = (struct adjacency){NULL, NULL};
}

void memberships_free(struct memberships *m)
{
	while (m->blocks) {
		struct membership_block *block = m->blocks;

		m->blocks = block->next;
		free(block);
	}
	adjacency_free(&m->members);
	adjacency_free(&m->groups);
}
