#include "check.h"

#include <stdlib.h>

#include "fetch/search.h"

static void quotes_and_encodes(void **state)
{
	const char *names[] = {"QA \"East\" \\ R+D & é", "00g1a2b3c4D5E6F7g8h9"};
	struct option_list list = {names, 2};
	struct buffer expression = BUFFER_EMPTY;
	size_t first = 0;
	char *url;

	(void)state;
	search_add_groups(&expression, &list, &first);
	assert_int_equal(first, 2);
	assert_string_equal(buffer_string(&expression), "profile.name eq \"QA \\\"East\\\" \\\\ R+D & \xc3\xa9\" or "
		"id eq \"00g1a2b3c4D5E6F7g8h9\" or profile.name eq \"00g1a2b3c4D5E6F7g8h9\"");
	url = search_url("https://o", "/g?limit=1", "a eq \"+&\xc3\xa9\"");
	assert_string_equal(url, "https://o/g?limit=1&search=a%20eq%20%22%2B%26%C3%A9%22");
	free(url);
	buffer_free(&expression);
}

static void makes_batches_of_bounded_length(void **state)
{
	static char name[600];
	const char *names[100];
	struct option_list list = {names, 100};
	size_t first = 0, batches = 0;

	(void)state;
	memset(name, 'n', sizeof name - 1);
	for (size_t i = 0; i < 100; i++)
		names[i] = i % 10 ? "team" : name;
	while (first < list.count) {
		struct buffer expression = BUFFER_EMPTY;
		size_t before = first;

		search_add_groups(&expression, &list, &first);
		assert_true(first > before);
		assert_true(expression.length < 1100);
		buffer_free(&expression);
		batches++;
	}
	assert_true(batches > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_and_encodes), cmocka_unit_test(makes_batches_of_bounded_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
