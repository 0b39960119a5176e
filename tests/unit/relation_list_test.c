/* What is left of a list of relations, beside the same done by looking at each of them. */
#include "emit/relation_list.h"
#include "emit/sort_in_place.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { MOST = 400, ROUNDS = 300 };

static int compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void sorts_like_qsort(void **state)
{
	uint64_t ours[MOST], theirs[MOST];

	(void)state;
	srand(1);
	for (size_t count = 0; count < MOST; count++) {
		for (size_t i = 0; i < count; i++)
			ours[i] = theirs[i] = (uint64_t)(rand() % (int)(count / 2 + 1));
		sort_in_place(ours, count, sizeof *ours, compare);
		qsort(theirs, count, sizeof *theirs, compare);
		assert_memory_equal(ours, theirs, count * sizeof *ours);
	}
}

static void counts_what_is_left(void **state)
{
	(void)state;
	srand(2);
	for (int round = 0; round < ROUNDS; round++) {
		struct relation_list list = {0};
		bool expected[50] = {false};
		size_t left = 0;

		for (int entity = 0; entity < 10; entity++) {
			uint64_t others[4];
			size_t before = list.count;

			for (int i = 0; i < 4; i++)
				others[i] = (uint64_t)(rand() % 50);
			for (int i = 0; i < 6; i++) {
				uint64_t relation = (uint64_t)(rand() % 50);

				relation_list_add(&list, relation);
				if (relation != others[0] && relation != others[1] && relation != others[2] && relation != others[3])
					expected[relation] = true;
			}
			relation_list_except(&list, before, others, 4);
		}
		relation_list_settle(&list);
		for (int i = 0; i < 20; i++) {
			uint64_t relation = (uint64_t)(rand() % 50);

			relation_list_remove(&list, relation);
			expected[relation] = false;
		}
		for (size_t i = 0; i < 50; i++)
			left += expected[i];
		assert_int_equal(relation_list_count(&list), left);
		relation_list_free(&list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sorts_like_qsort), cmocka_unit_test(counts_what_is_left)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
