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
	struct seen seen = {NULL, 0, 0};
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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(holds_exactly_what_was_added)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
