/*
 * Reads texts from standard input, each behind its length and a line feed, and tells in a line for each whether json_cursor takes it:
 * "takes" or "refuses OFFSET". The ways to read a text must agree, also on the place of the error, or it is "disagrees".
 */
#include <stdio.h>
#include <stdlib.h>

#include "lib/json_cursor.h"

enum { KEYS = 64 };

/* What was learned from the texts before. */
static struct json_key keys[KEYS], *first;
static size_t known;

static struct json_key *find(struct slice key)
{
	for (size_t i = 0; i < known; i++)
		if (slice_same(slice_of(keys[i].text + 1, keys[i].length - 3u), key))
			return &keys[i];
	return known < KEYS && json_key_learn(&keys[known], key) ? &keys[known++] : NULL;
}

/* Members as they are expected; every third key is wanted. */
static void walk_object(struct json_cursor *cursor)
{
	struct json_key **place = &first, *found;
	struct slice key;

	json_enter_object(cursor);
	for (;;) {
		if (!json_next_wanted(cursor, &place)) {
			if (!json_next_member(cursor, &key))
				return;
			found = cursor->escaped ? NULL : find(key);
			if (found) {
				found->wanted = (found - keys) % 3 == 0;
				*place = found;
				place = &found->next;
			}
		}
		json_skip(cursor, NULL);
	}
}

static void walk_array(struct json_cursor *cursor)
{
	struct slice raw;

	json_enter_array(cursor);
	while (json_next_plain_string(cursor, &raw) || (json_next_element(cursor) && json_skip(cursor, NULL)))
		;
}

static void walk(struct json_cursor *cursor)
{
	struct slice raw;

	switch (json_peek(cursor)) {
	case JSON_OBJECT: walk_object(cursor); break;
	case JSON_ARRAY: walk_array(cursor); break;
	case JSON_STRING: json_string_raw(cursor, &raw); break;
	default: json_skip(cursor, NULL);
	}
}

int main(void)
{
	size_t length;

	while (scanf("%zu", &length) == 1 && getchar() == '\n') {
		char *text = malloc(length + !length);
		struct json_cursor whole, walked;
		bool takes;

		if (!text || fread(text, 1, length, stdin) != length)
			return 1;
		whole = walked = json_cursor(text, length);
		json_skip(&whole, NULL);
		takes = json_end(&whole);
		walk(&walked);
		if (json_end(&walked) != takes || (!takes && walked.position != whole.position))
			puts("disagrees");
		else if (takes)
			puts("takes");
		else
			printf("refuses %zu\n", whole.position);
		free(text);
	}
	return 0;
}
