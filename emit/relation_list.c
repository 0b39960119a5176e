#include "relation_list.h"

#include <stdlib.h>

#include "memory.h"
#include "sort_in_place.h"

static int compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

void relation_list_add(struct relation_list *list, uint64_t relation)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 256;
		list->values = memory_resize(list->values, list->capacity, sizeof *list->values);
	}
	list->values[list->count++] = relation;
}

void relation_list_except(struct relation_list *list, size_t start, uint64_t *others, size_t count)
{
	size_t left = start, other = 0;

	sort_in_place(list->values + start, list->count - start, sizeof *list->values, compare);
	sort_in_place(others, count, sizeof *others, compare);
	for (size_t i = start; i < list->count; i++) {
		while (other < count && others[other] < list->values[i])
			other++;
		if (other == count || others[other] != list->values[i])
			list->values[left++] = list->values[i];
	}
	list->count = left;
}

void relation_list_settle(struct relation_list *list)
{
	size_t left = 0;

	sort_in_place(list->values, list->count, sizeof *list->values, compare);
	for (size_t i = 0; i < list->count; i++)
		if (!left || list->values[left - 1] != list->values[i])
			list->values[left++] = list->values[i];
	list->count = list->left = left;
	list->out = memory_alloc(left / 8 + 1);
}

void relation_list_remove(struct relation_list *list, uint64_t relation)
{
	const uint64_t *found = list->count ? bsearch(&relation, list->values, list->count, sizeof relation, compare) : NULL;
	size_t at = found ? (size_t)(found - list->values) : 0;

	if (!found || list->out[at / 8] & 1U << at % 8)
		return;
	list->out[at / 8] |= (unsigned char)(1U << at % 8);
	list->left--;
}

size_t relation_list_count(const struct relation_list *list)
{
	return list->out ? list->left : list->count;
}

void relation_list_free(struct relation_list *list)
{
	free(list->values);
	free(list->out);
}
