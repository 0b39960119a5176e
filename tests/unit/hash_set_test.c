#include "check.h"

#include <stdio.h>

#include "emit/hash_set.h"

static uint64_t hash(unsigned n)
{
	char text[40];

	snprintf(text, sizeof text, "user:default/person%u", n);
	return hash_of(slice_of_string(text));
}

/* Taking out must not hide what stands behind in the same run of slots, nor fill the set with what is gone. */
static void holds_what_was_added_and_not_removed(void **state)
{
	struct hash_set set = {0};

	(void)state;
	assert_false(hash_set_has(&set, hash(1)));
	hash_set_remove(&set, hash(1));
	for (unsigned n = 0; n < 20000; n++) {
		hash_set_add(&set, hash(n));
		hash_set_add(&set, hash(n));
		if (n >= 100)
			hash_set_remove(&set, hash(n - 100));
	}
	assert_int_equal(set.count, 100);
	assert_true(set.size <= 2048);
	for (unsigned n = 0; n < 20000; n++)
		assert_int_equal(hash_set_has(&set, hash(n)), n >= 19900);
	hash_set_free(&set);
}

static void values_that_slots_need_for_themselves(void **state)
{
	struct hash_set set = {0};

	(void)state;
	hash_set_add(&set, 0);
	hash_set_add(&set, 1);
	assert_int_equal(set.count, 2);
	hash_set_remove(&set, 0);
	assert_false(hash_set_has(&set, 0));
	assert_true(hash_set_has(&set, 1));
	hash_set_free(&set);
}

static void pairs_are_ordered(void **state)
{
	(void)state;
	assert_true(hash_pair(1, 2) != hash_pair(2, 1));
	assert_true(hash_of(slice_of_string("a")) != hash_of(slice_of("a\0", 2)));
	assert_true(hash_of(slice_of_string("12345678")) != hash_of(slice_of("12345678\0", 9)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_was_added_and_not_removed),
		cmocka_unit_test(values_that_slots_need_for_themselves),
		cmocka_unit_test(pairs_are_ordered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
