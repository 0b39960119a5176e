#include "check.h"

#include <stdio.h>

#include "fetch/seen.h"

static struct slice id(char *text, size_t format, unsigned n)
{
	switch (format) {
	case 0: snprintf(text, 40, "00u%017u", n); break;
	case 1: snprintf(text, 40, "00g%017u", n); break;
	case 2: snprintf(text, 40, "%u", n); break;
	case 3: snprintf(text, 40, "00u%016ux", n); break;
	case 4: snprintf(text, 40, "00u%016uX", n); break;
	default: snprintf(text, 40, "00u%016u_", n);
	}
	return slice_of_string(text);
}

/* Ids that differ in case or in length alone are different ids. */
static void holds_exactly_what_was_added(void **state)
{
	struct seen seen = {0};
	char text[40];

	(void)state;
	for (size_t f = 0; f < 6; f++)
		for (unsigned n = 0; n < 5000; n++)
			assert_true(seen_add(&seen, id(text, f, n)));
	for (size_t f = 0; f < 6; f++)
		for (unsigned n = 0; n < 5000; n++) {
			assert_true(seen_has(&seen, id(text, f, n)));
			assert_false(seen_add(&seen, id(text, f, n)));
			assert_false(seen_has(&seen, id(text, f, n + 5000)));
		}
	assert_int_equal(seen.count, 30000);
	seen_free(&seen);
}

/* The lanes are sets of their own: what is in one, or was added, tells nothing of another. */
static void lanes_are_apart(void **state)
{
	struct seen seen = {0}, few = {0};
	char text[40];

	(void)state;
	for (size_t f = 0; f < 6; f++)
		for (unsigned lane = 0; lane < SEEN_LANES; lane++)
			for (unsigned n = 0; n < 3000; n += lane + 1)
				assert_true(seen_mark(&seen, lane, id(text, f, n)));
	assert_int_equal(seen.count, 0);
	for (size_t f = 0; f < 6; f++)
		for (unsigned n = 0; n < 3000; n++) {
			assert_false(seen_has(&seen, id(text, f, n)));
			for (unsigned lane = 0; lane < SEEN_LANES; lane++)
				assert_int_equal(seen_mark(&seen, lane, id(text, f, n)), n % (lane + 1) != 0);
		}
	seen_clear_lane(&seen, 2);
	assert_true(seen_add(&seen, id(text, 0, 1)));
	assert_true(seen_mark(&seen, 2, id(text, 0, 1)));
	assert_false(seen_mark(&seen, 3, id(text, 0, 1)));
	assert_true(seen_add(&few, id(text, 0, 7)));
	seen_mark_all(&seen, 2, &few);
	assert_false(seen_mark(&seen, 2, id(text, 0, 7)));
	assert_false(seen_has(&seen, id(text, 0, 7)));
	assert_true(seen_has(&seen, id(text, 0, 1)));
	seen_free(&few);
	seen_free(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(holds_exactly_what_was_added), cmocka_unit_test(lanes_are_apart)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
