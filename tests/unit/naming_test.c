/* The naming rules, held to what RoadieHQ's own functions gave (tests/data/naming-vectors.json). */
#include "check.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "entity_name.h"
#include "memory.h"
#include "map/naming.h"

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = memory_alloc(1 << 20);

	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

static bool apply(const char *kind, const char *strategy, const char *input, struct buffer *name)
{
	static const char *const users[] = {"strip-domain-email", "id", "kebab-case-email", "slugify-email"};
	static const char *const groups[] = {"kebab-case-name", "id", "profile-name"};

	if (strcmp(kind, "user") == 0) {
		for (int i = 0; i < 4; i++)
			if (strcmp(strategy, users[i]) == 0)
				return naming_user_rule((enum user_rule)i, slice_of_string(input), name);
	} else {
		for (int i = 0; i < 3; i++)
			if (strcmp(strategy, groups[i]) == 0)
				return naming_group_rule((enum group_rule)i, slice_of_string(input), name);
	}
	return naming_group_rule(GROUP_PROFILE_ATTRIBUTE, slice_of_string(input), name);
}

static void check(const cJSON *item)
{
	const char *kind = cJSON_GetStringValue(cJSON_GetObjectItem(item, "kind"));
	const char *strategy = cJSON_GetStringValue(cJSON_GetObjectItem(item, "strategy"));
	const cJSON *input = cJSON_GetObjectItem(item, "input");
	const char *expected = cJSON_GetStringValue(cJSON_GetObjectItem(item, "expected"));
	char *number = cJSON_IsNumber(input) ? cJSON_PrintUnformatted(input) : NULL;
	struct buffer name = BUFFER_EMPTY;

	if (cJSON_IsNumber(input) || cJSON_IsString(input) || cJSON_IsNull(input)) {
		bool good = apply(kind, strategy, number ? number : cJSON_GetStringValue(input), &name);

		/* Where theirs throws or gives nothing, ours gives nothing: the Okta id is taken instead. */
		if (expected ? !good || strcmp(buffer_string(&name), expected) != 0 : good && name.length)
			check_failed("%s %s %s: got %s", kind, strategy, cJSON_PrintUnformatted(item), buffer_string(&name));
	}
	cJSON_free(number);
	buffer_free(&name);
}

static void gives_the_names_of_roadie(void **state)
{
	char *text = read_file("tests/data/naming-vectors.json");
	cJSON *tree = cJSON_Parse(text), *item;
	int count = 0;

	(void)state;
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(tree, "cases")) {
		check(item);
		count++;
	}
	assert_true(count >= 244);
	cJSON_Delete(tree);
	free(text);
}

/* The three ranges that lodash takes for combining marks, with their ends. */
static void drops_combining_marks(void **state)
{
	static const struct {
		const char *name, *kebab;
	} cases[] = {
		{"a\xcb\xbf" "b", "a\xcb\xbf" "b"},         /* U+02FF */
		{"a\xcc\x80" "b", "ab"},                     /* U+0300 */
		{"a\xcd\xaf" "b", "ab"},                     /* U+036F */
		{"a\xcd\xb0" "b", "a\xcd\xb1" "b"},         /* U+0370 */
		{"a\xe2\x83\x8f" "b", "a\xe2\x83\x8f" "b"}, /* U+20CF */
		{"a\xe2\x83\x90" "b", "ab"},                 /* U+20D0 */
		{"a\xe2\x83\xbf" "b", "ab"},                 /* U+20FF */
		{"a\xe2\x84\x80" "b", "a\xe2\x84\x80" "b"}, /* U+2100 */
		{"a\xef\xb8\x9f" "b", "a\xef\xb8\x9f" "b"}, /* U+FE1F */
		{"a\xef\xb8\xa0" "b", "ab"},                 /* U+FE20 */
		{"a\xef\xb8\xaf" "b", "ab"},                 /* U+FE2F */
		{"a\xef\xb8\xb0" "b", "a\xef\xb8\xb0" "b"}, /* U+FE30 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer name = BUFFER_EMPTY;

		assert_true(naming_group_rule(GROUP_KEBAB_NAME,
			slice_of_string(cases[i].name), &name));
		assert_string_equal(buffer_string(&name), cases[i].kebab);
		buffer_free(&name);
	}
}

static void repairs_to(const char *name, const char *valid)
{
	struct buffer buffer = BUFFER_EMPTY;

	entity_name_repair(&buffer, slice_of_string(name), ENTITY_NAME_MAX);
	assert_string_equal(buffer_string(&buffer), valid);
	assert_true(!buffer.length || entity_name_valid(slice_of(buffer.data, buffer.length)));
	buffer_free(&buffer);
}

static void makes_names_valid(void **state)
{
	(void)state;
	repairs_to("o'brien", "o-brien");
	repairs_to("a  &  b", "a-b");
	repairs_to("-.a._", "a");
	repairs_to("\xe7\x94\xb0\xe4\xb8\xad-x.jp", "x.jp");
	repairs_to("\xe7\x94\xb0", "");
	repairs_to("", "");
	repairs_to("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bc", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	repairs_to("A.b_c-D9", "A.b_c-D9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_names_of_roadie),
		cmocka_unit_test(drops_combining_marks),
		cmocka_unit_test(makes_names_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
