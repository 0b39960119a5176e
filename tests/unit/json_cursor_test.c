#include "check.h"

#include <stdio.h>

#include "json_cursor.h"

static const char *error_of(const char *text, size_t length)
{
	struct json_cursor cursor = json_cursor(text, length);
	struct slice value;

	json_skip(&cursor, &value);
	return json_end(&cursor) ? NULL : cursor.error;
}

/* RFC 8259: what the grammar allows. */
static void takes_what_json_allows(void **state)
{
	static const char *const good[] = {"{}", "[]", " [ ] ", "0", "-0", "-0.5e+10", "1E5", "\"\"", "true", "false", "null",
		"{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"\\u00e9\\\\\\\"\"}", "[[],[[]],{}]", "\"\xc3\xa9\xf0\x9f\x98\x80\x7f\"",
		"\"\\u0000 \\ud800\"", "12345678901234567890123"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_null(error_of(good[i], strlen(good[i])));
}

static void refuses_what_json_does_not_allow(void **state)
{
	static const char *const bad[] = {"", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1 2]",
		"01", "-", "1.", ".5", "1e", "+1", "tru", "nul", "True", "'a'", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "\"\t\"",
		"[]]", "{} {}", "1 1", "\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\xc0\x80\"", "\"\xf4\x90\x80\x80\"", "{\"a\":1 \"b\":2}",
		"[}", "{]", "[1}", "NaN", "Infinity", "//c\n1", "\xef\xbb\xbf{}"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (!error_of(bad[i], strlen(bad[i])))
			check_failed("accepted: %s", bad[i]);
}

/* Every proper prefix of a text is cut off, and is noticed. */
static void notices_every_cut(void **state)
{
	static const char text[] = "{\"a\":[1.5e3,true,null,\"\\u00e9x\"],\"b\":{\"c\":\"d\"}}";

	(void)state;
	for (size_t length = 0; length < sizeof text - 1; length++)
		assert_non_null(error_of(text, length));
	assert_null(error_of(text, sizeof text - 1));
}

/* The error after so many levels were entered, and so many more skipped. */
static const char *error_behind(unsigned entered, unsigned skipped)
{
	static char text[6 * 513 + 1];
	struct json_cursor cursor;
	struct slice key;
	char *p = text;

	for (unsigned i = 0; i < entered + skipped; i++)
		p += sprintf(p, i % 2 ? "[" : "{\"a\":");
	*p++ = '1';
	for (unsigned i = entered + skipped; i-- > 0;)
		*p++ = i % 2 ? ']' : '}';
	cursor = json_cursor(text, (size_t)(p - text));
	for (unsigned i = 0; i < entered; i++)
		if (i % 2 ? json_enter_array(&cursor)
			&& json_next_element(&cursor)
			: json_enter_object(&cursor)
			&& json_next_member(&cursor, &key))
			continue;
	json_skip(&cursor, NULL);
	for (unsigned i = entered; i-- > 0;)
		if (i % 2)
			json_next_element(&cursor);
		else
			json_next_member(&cursor, &key);
	json_end(&cursor);
	return cursor.error;
}

static void bounds_the_depth(void **state)
{
	char text[1100];

	(void)state;
	memset(text, '[', 512);
	memset(text + 512, ']', 512);
	assert_null(error_of(text, 1024));
	memset(text, '[', 513);
	memset(text + 513, ']', 513);
	assert_string_equal(error_of(text, 1026), "more than 512 levels");
	for (unsigned entered = 0; entered <= 512; entered++) {
		assert_null(error_behind(entered, 512 - entered));
		assert_string_equal(error_behind(entered, 513 - entered),
			"more than 512 levels");
	}
	assert_string_equal(error_behind(513, 0), "more than 512 levels");
}

static void gives_values_byte_for_byte(void **state)
{
	static const char text[] = "{\"skip\":[{\"id\":1}], \"big\" : 9007199254740993 ,\"one\":1.0,\"o\":{ \"x\" :\"\\u00e9\"}}";
	struct json_cursor cursor = json_cursor(text, sizeof text - 1);
	struct slice key, value, seen[4];
	size_t count = 0;

	(void)state;
	assert_true(json_enter_object(&cursor));
	while (json_next_member(&cursor, &key)) {
		assert_true(json_skip(&cursor, &value));
		seen[count++] = value;
	}
	assert_true(json_end(&cursor));
	assert_int_equal(count, 4);
	assert_true(slice_equals(seen[1], "9007199254740993"));
	assert_true(slice_equals(seen[2], "1.0"));
	assert_true(slice_equals(seen[3], "{ \"x\" :\"\\u00e9\"}"));
}

/* The quick ways take only what stands there exactly so, and otherwise nothing: the usual way gives the rest. */
static void quick_ways_take_the_usual_alone(void **state)
{
	static const char list[] = "[\"a\",\"b\" ,\"c\\n\",\"\",7,\"\xc3\xa9\", \"d\",\"e\"]";
	static const bool plain[] = {true, true, false, false, false, false, false, true};
	struct json_cursor cursor = json_cursor(list, sizeof list - 1);
	struct slice raw;

	(void)state;
	json_enter_array(&cursor);
	for (size_t i = 0; i < sizeof plain; i++) {
		bool taken = json_next_plain_string(&cursor, &raw);

		assert_int_equal(taken, plain[i]);
		assert_true(taken || (json_next_element(&cursor) && json_skip(&cursor, NULL)));
	}
	assert_false(json_next_plain_string(&cursor, &raw));
	assert_false(json_next_element(&cursor));
	assert_true(json_end(&cursor));
}

/* Keys that are linked in their order. */
static void learn(struct json_key *keys, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(json_key_learn(&keys[i], slice_of_string(names[i])));
		keys[i].next = i + 1 < count ? &keys[i + 1] : NULL;
	}
}

/* What nobody wants is passed as long as it comes as expected, with its grammar checked. */
static void passes_expected_members(void **state)
{
	static const char object[] = "{\"id\":\"1\",\"status\": [\"A\", {\"b\":null}],\"lastLogin\":2.5,\"other\":7,\"profile\":{\"a\":1},\"n\":0 }";
	static const char *const names[] = {"id", "status", "lastLogin", "profile", "n"};
	struct json_cursor cursor = json_cursor(object, sizeof object - 1);
	struct json_key keys[5] = {{0}}, *first = keys, **place = &first;
	struct slice key, value;

	(void)state;
	learn(keys, names, 5);
	keys[2].wanted = keys[3].wanted = true;
	json_enter_object(&cursor);
	assert_ptr_equal(json_next_wanted(&cursor, &place), &keys[2]);
	assert_true(json_skip(&cursor, &value) && slice_equals(value, "2.5"));
	assert_null(json_next_wanted(&cursor, &place));
	assert_true(json_next_member(&cursor, &key) && slice_equals(key, "other") && json_skip(&cursor, NULL));
	assert_ptr_equal(json_next_wanted(&cursor, &place), &keys[3]);
	assert_true(json_skip(&cursor, &value) && slice_equals(value, "{\"a\":1}"));
	assert_null(json_next_wanted(&cursor, &place));
	assert_false(json_next_member(&cursor, &key));
	assert_true(json_end(&cursor));
}

/* A text that ends within a member, or has an error there, is noticed while it is passed. */
static void notices_errors_in_what_is_passed(void **state)
{
	static const char *const bad[] = {"{\"id\":\"x\"", "{\"id\":\"x", "{\"id\":", "{\"id\"", "{\"id\":\"\x01\"}", "{\"id\":01}", "{\"id\":{]}", "{\"id\":1,}",
		"{\"id\":1\"id\":1}", "{,\"id\":1}", "{\"id\":\"\xff\"}", "{\"id\":}"};
	static const char *const names[] = {"id"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct json_cursor cursor = json_cursor(bad[i], strlen(bad[i]));
		struct json_key keys[1] = {{0}}, *first = keys, **place = &first;
		struct slice key;

		learn(keys, names, 1);
		json_enter_object(&cursor);
		while (json_next_wanted(&cursor, &place) || json_next_member(&cursor, &key))
			json_skip(&cursor, NULL);
		if (json_end(&cursor))
			check_failed("accepted: %s", bad[i]);
	}
}

static void learns_keys_that_fit(void **state)
{
	struct json_key known;

	(void)state;
	assert_false(json_key_learn(&known, slice_of_string("")));
	assert_true(json_key_learn(&known, slice_of_string("x")));
	assert_true(json_key_learn(&known, slice_of_string("a-key-that-has-thirty-seven-letters--")));
	assert_false(json_key_learn(&known, slice_of_string("a-key-that-has-thirty-eight-letters---")));
}

static void compares_keys_with_escapes(void **state)
{
	(void)state;
	assert_true(json_key_equals(slice_of_string("k\\u0069nd"), "kind"));
	assert_true(json_key_equals(slice_of_string("kind"), "kind"));
	assert_false(json_key_equals(slice_of_string("kinds"), "kind"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_json_allows), cmocka_unit_test(refuses_what_json_does_not_allow),
		cmocka_unit_test(notices_every_cut), cmocka_unit_test(bounds_the_depth),
		cmocka_unit_test(gives_values_byte_for_byte), cmocka_unit_test(compares_keys_with_escapes),
		cmocka_unit_test(quick_ways_take_the_usual_alone), cmocka_unit_test(passes_expected_members),
		cmocka_unit_test(notices_errors_in_what_is_passed), cmocka_unit_test(learns_keys_that_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
