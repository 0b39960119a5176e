#include "check.h"

#include "fetch/page.h"

static char seen[1000];

static const char *note_object(void *owner, struct slice object)
{
	(void)owner;
	strncat(seen, object.data, object.length);
	strcat(seen, "|");
	return NULL;
}

/* Feeds a text in pieces of a size; what is wrong with it, or NULL. */
static const char *feed(const char *text, size_t piece)
{
	struct page page;
	const char *wrong;
	size_t length = strlen(text);

	memset(&page, 0, sizeof page);
	page.object = note_object;
	seen[0] = '\0';
	page_reset(&page);
	for (size_t i = 0; i < length; i += piece)
		if (!page_add(&page, text + i, length - i < piece ? length - i : piece))
			break;
	wrong = page_judge(&page);
	page_free(&page);
	return wrong;
}

static void cuts_verbatim_however_it_arrives(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 70; piece++) {
		assert_null(feed(" [ {\"a\":\"]}\\\"{[\",\"n\":1.0} ,\n{\"b\":[{}, [\"\\\\\"]]}]\r\n", piece));
		assert_string_equal(seen, "{\"a\":\"]}\\\"{[\",\"n\":1.0}|{\"b\":[{}, [\"\\\\\"]]}|");
		assert_null(feed("[]", piece));
		assert_string_equal(seen, "");
	}
}

static void notices_what_is_no_page(void **state)
{
	static const char *const bad[] = {"", " ", "[", "[{}", "[{},", "[{},]", "[,{}]", "[{}{}]", "{}", "[1]", "[{}] x", "[{}][", "null",
		"[{\"a\":1}", "[{\"a\":\"", "<html>", "[[]]"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t piece = 1; piece < 9; piece++)
			if (!feed(bad[i], piece))
				check_failed("accepted: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_verbatim_however_it_arrives), cmocka_unit_test(notices_what_is_no_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
