#include "check.h"

#include "json_string.h"

static void decodes_to(const char *raw, const char *text)
{
	struct buffer buffer = BUFFER_EMPTY;

	json_string_decode(slice_of_string(raw), &buffer);
	assert_string_equal(buffer_string(&buffer), text);
	buffer_free(&buffer);
}

static void decodes_escapes(void **state)
{
	(void)state;
	decodes_to("a\\\"\\\\\\/\\b\\f\\n\\r\\tz", "a\"\\/\b\f\n\r\tz");
	decodes_to("\\u0041\\u00e9\\u4e2d", "A\xc3\xa9\xe4\xb8\xad");
	decodes_to("\\ud83d\\ude00!", "\xf0\x9f\x98\x80!");
}

/* NUL and lone surrogates cannot be in an entity. */
static void replaces_what_is_no_character(void **state)
{
	(void)state;
	decodes_to("a\\u0000b", "a\xef\xbf\xbd" "b");
	decodes_to("\\ud83d", "\xef\xbf\xbd");
	decodes_to("\\ude00x", "\xef\xbf\xbdx");
	decodes_to("\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80");
	decodes_to("\\ud83d\\n", "\xef\xbf\xbd\n");
}

static void encodes_to(const char *text, size_t length, const char *json)
{
	struct buffer buffer = BUFFER_EMPTY;

	json_string_encode(&buffer, slice_of(text, length));
	assert_string_equal(buffer_string(&buffer), json);
	buffer_free(&buffer);
}

static void encodes(void **state)
{
	(void)state;
	encodes_to("", 0, "\"\"");
	encodes_to("a\"\\/\n\x01\x7f", 7, "\"a\\\"\\\\/\\n\\u0001\\u007f\"");
	encodes_to("\xc3\xa9\xf0\x9f\x98\x80", 6, "\"\xc3\xa9\xf0\x9f\x98\x80\"");
	encodes_to("a\xff" "b\xc3", 4, "\"a\xef\xbf\xbd" "b\xef\xbf\xbd\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_escapes), cmocka_unit_test(replaces_what_is_no_character), cmocka_unit_test(encodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
