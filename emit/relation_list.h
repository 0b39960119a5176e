/*
 * Relations that may be gone, eight bytes each: first all are added, then the list is settled, then those that are there still are
 * taken out.
 */
#ifndef RELATION_LIST_H
#define RELATION_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct relation_list {
	uint64_t *values;      /* a zeroed struct is an empty list */
	size_t count, capacity;
	unsigned char *out;    /* a bit each: taken out; NULL: not settled yet */
	size_t left;           /* of what is settled */
};

/* Not when it is settled. */
void relation_list_add(struct relation_list *list, uint64_t relation);

/* Takes out of those from start on, not settled, what is among the others, which are sorted in place. */
void relation_list_except(struct relation_list *list, size_t start, uint64_t *others, size_t count);

/* Each relation is there once from now on. */
void relation_list_settle(struct relation_list *list);

/* When it is settled. */
void relation_list_remove(struct relation_list *list, uint64_t relation);

/* How many there are; before it is settled, at most. */
size_t relation_list_count(const struct relation_list *list);

void relation_list_free(struct relation_list *list);

#endif
