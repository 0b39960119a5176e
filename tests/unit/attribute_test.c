/* Paths to attributes, their values as text, and the keys of annotations. */
#include "check.h"

#include "buffer.h"
#include "json_cursor.h"
#include "map/annotation_key.h"
#include "map/attribute_path.h"
#include "map/attribute_value.h"

static const char profile[] = "{\"a\":{\"b\":[10,{\"c\":\"deep\"},[\"x\"]],\"b\":[1,{\"c\":\"last wins\"}]},\"a.b\":true,\"\\u0065sc\":\"e\",\"n\":null}";

/* What stands at a path of the profile above, verbatim; NULL: nothing. */
static void finds(const char *text, const char *wanted)
{
	struct attribute_path path;
	struct json_cursor cursor = json_cursor(profile, sizeof profile - 1);
	struct slice key, value, first = {NULL, 0}, found;

	if (!attribute_path_parse(&path, text))
		check_failed("no path: %s", text);
	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key) && json_skip(&cursor, &value))
		if (json_key_equals(key, path.steps[0]))
			first = value;
	found = attribute_path_below(&path, first);
	if (wanted ? !slice_equals(found, wanted) : found.data != NULL)
		check_failed("%s: found %.*s", text, SLICE_ARG(found));
	attribute_path_free(&path);
}

static void paths_lead_to_values(void **state)
{
	(void)state;
	finds("a.b[1].c", "\"last wins\"");
	finds("profile.a.b[0]", "1");
	finds("a.b.1.c", "\"last wins\"");
	finds("a['b'][\"1\"]", "{\"c\":\"last wins\"}");
	finds("[\"a.b\"]", "true");
	finds("profile['a.b']", "true");
	finds("esc", "\"e\"");
	finds("n", "null");
	finds("n.x", NULL);
	finds("a.b[2]", NULL);
	finds("a.b[-1]", NULL);
	finds("a.b.c", NULL);
	finds("nothing.at.all", NULL);
}

static void paths_know_where_they_start(void **state)
{
	static const char *const record[] = {"id", "type", "status", "source.id", "_embedded.stats.usersCount"};
	static const char *const in_profile[] = {"profile.id", "costCenter", "identity", "a.id"};
	struct attribute_path path;

	(void)state;
	for (size_t i = 0; i < sizeof record / sizeof *record; i++) {
		assert_true(attribute_path_parse(&path, record[i]));
		assert_false(path.in_profile);
		attribute_path_free(&path);
	}
	for (size_t i = 0; i < sizeof in_profile / sizeof *in_profile; i++) {
		assert_true(attribute_path_parse(&path, in_profile[i]));
		assert_true(path.in_profile);
		attribute_path_free(&path);
	}
}

static void what_is_no_path_is_refused(void **state)
{
	static const char *const bad[] = {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[0", "a['x]", "a[0]b", "[\"\"]", "a.[0]",
		"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q"};
	struct attribute_path path;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (attribute_path_parse(&path, bad[i]))
			check_failed("taken: %s", bad[i]);
}

static void is_text(const char *json, const char *wanted)
{
	struct buffer text = BUFFER_EMPTY;
	bool any = attribute_value_add_text(&text, slice_of_string(json));

	if (any != (wanted != NULL) || (wanted && strcmp(buffer_string(&text), wanted) != 0))
		check_failed("%s: got %s", json, buffer_string(&text));
	buffer_free(&text);
}

static void values_are_text_as_in_javascript(void **state)
{
	(void)state;
	is_text("\"a\\u00e9\\n\"", "a\xc3\xa9\n");
	is_text("\"\"", "");
	is_text("1.0", "1");
	is_text("1e21", "1e+21");
	is_text("0.0000001", "1e-7");
	is_text("-0.5e1", "-5");
	is_text("-0", "0");
	is_text("123456789012345678901234567890", "123456789012345678901234567890");
	is_text("9007199254740993", "9007199254740993");
	is_text("1e400", "Infinity");
	is_text("true", "true");
	is_text("[1,\"b\",null,[true,[]],{}]", "1,b,,true,,{}");
	is_text("[]", "");
	is_text("{\"a\": 1}", "{\"a\": 1}");
	is_text("null", NULL);
	is_text(NULL, NULL);
}

static void names_are_texts_and_numbers_alone(void **state)
{
	static const struct {
		const char *json, *name;
	} cases[] = {{"\"x\"", "x"}, {"7.50", "7.5"}, {"9007199254740993", "9007199254740992"}, {"\"\"", NULL}, {"true", NULL}, {"[1]", NULL}, {"null", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer text = BUFFER_EMPTY;

		assert_int_equal(attribute_value_add_name(&text, slice_of_string(cases[i].json)), cases[i].name != NULL);
		assert_string_equal(buffer_string(&text), cases[i].name ? cases[i].name : "");
		buffer_free(&text);
	}
}

static void becomes_key(const char *text, const char *wanted)
{
	struct buffer key = BUFFER_EMPTY;

	assert_int_equal(annotation_key_add(&key, slice_of_string(text)), wanted != NULL);
	assert_string_equal(buffer_string(&key), wanted ? wanted : "");
	buffer_free(&key);
}

static void keys_are_made_valid(void **state)
{
	(void)state;
	becomes_key("acme.com/name", "acme.com/name");
	becomes_key("bare", "bare");
	becomes_key("okta.com/skills[0]", "okta.com/skills-0");
	becomes_key("Acme_Inc..COM-/Cost Center", "acme-inc.com/Cost-Center");
	becomes_key("a/b/c", "a/b-c");
	becomes_key("/x", "x");
	becomes_key("--/x", "x");
	becomes_key("acme.com/", NULL);
	becomes_key("\xe7\xa0\x94", NULL);
	becomes_key("", NULL);
	becomes_key("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b/c",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b/c");
}

/* Two numbers are one key only if their digits say so. */
static void keys_keep_all_digits(void **state)
{
	static const char *const cases[][2] = {{"9007199254740993", "9007199254740993"}, {"-12345678901234567891", "-12345678901234567891"}, {"7.50", "7.5"},
		{"7.0", "7"}, {"-0", "0"}, {"\"x\"", "x"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer text = BUFFER_EMPTY;

		assert_true(attribute_value_add_key(&text, slice_of_string(cases[i][0])));
		assert_string_equal(buffer_string(&text), cases[i][1]);
		buffer_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_lead_to_values), cmocka_unit_test(paths_know_where_they_start), cmocka_unit_test(what_is_no_path_is_refused),
		cmocka_unit_test(values_are_text_as_in_javascript), cmocka_unit_test(names_are_texts_and_numbers_alone),
		cmocka_unit_test(keys_keep_all_digits), cmocka_unit_test(keys_are_made_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
