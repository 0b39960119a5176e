#include "check.h"

#include "fetch/link.h"

static void finds(const char *header, const char *target)
{
	struct slice found;

	assert_true(link_find(header, "next", &found));
	assert_true(slice_equals(found, target));
}

static void finds_next(void **state)
{
	(void)state;
	finds("<https://a/b?after=x&limit=200>; rel=\"next\"", "https://a/b?after=x&limit=200");
	finds("<https://a/self>; rel=\"self\", <https://a/n>; rel=\"next\"", "https://a/n");
	finds("<https://a/b?x=1,2;3>; rel=\"self\",<https://a/c,d;e>;rel=next", "https://a/c,d;e");
	finds("<u>; title=\"a, <x>; rel=\\\"self\\\"\"; REL=\"prev Next\"", "u");
}

static void finds_nothing_else(void **state)
{
	static const char *const headers[] = {"", "<https://a>", "<https://a>; rel=\"self\"", "<https://a; rel=\"next\"", "https://a; rel=next",
		"<a>; title=\"rel=next\"", "<a>; rel=\"nextish\"", "<a>; notrel=\"next\""};
	struct slice found;

	(void)state;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		assert_false(link_find(headers[i], "next", &found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_next), cmocka_unit_test(finds_nothing_else)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
