#include "duplicate_key.h"

#include <stdlib.h>

#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static char *decode(struct slice key)
{
	struct buffer text = BUFFER_EMPTY;
	char *copy;

	json_string_decode(key, &text);
	copy = memory_copy_bytes(text.data, text.length);
	buffer_free(&text);
	return copy;
}

static bool in_value(struct json_cursor *cursor);

static bool in_object(struct json_cursor *cursor)
{
	char **keys = NULL;
	size_t count = 0;
	bool found = false;
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		keys = memory_resize(keys, count + 1, sizeof *keys);
		keys[count++] = decode(key);
		found = in_value(cursor) || found;
	}
	if (count)
		qsort(keys, count, sizeof *keys, compare);
	for (size_t i = 0; i < count; i++) {
		found = found || (i + 1 < count && strcmp(keys[i], keys[i + 1]) == 0);
		free(keys[i]);
	}
	free(keys);
	return found;
}

static bool in_value(struct json_cursor *cursor)
{
	enum json_type type = json_peek(cursor);
	bool found = false;

	if (type == JSON_OBJECT)
		return in_object(cursor);
	if (type != JSON_ARRAY) {
		json_skip(cursor, NULL);
		return false;
	}
	json_enter_array(cursor);
	while (json_next_element(cursor))
		found = in_value(cursor) || found;
	return found;
}

bool json_has_duplicate_key(struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);

	return in_value(&cursor);
}
