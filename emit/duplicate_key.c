#include "duplicate_key.h"

#include <stdlib.h>

#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"

/* Up to this many keys of an object are compared each with each. */
enum { FEW = 24 };

void key_list_add(struct key_list *keys, struct slice key)
{
	if (keys->count == keys->capacity) {
		keys->capacity = keys->capacity ? 2 * keys->capacity : 64;
		keys->items = memory_resize(keys->items, keys->capacity, sizeof *keys->items);
	}
	keys->items[keys->count++] = key;
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

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Many keys, or some with escapes. */
static bool slow(const struct slice *keys, size_t count)
{
	char **texts = memory_alloc(count * sizeof *texts);
	bool found = false;

	for (size_t i = 0; i < count; i++)
		texts[i] = decode(keys[i]);
	qsort(texts, count, sizeof *texts, compare);
	for (size_t i = 0; i < count; i++) {
		found = found || (i + 1 < count && strcmp(texts[i], texts[i + 1]) == 0);
		if (i)
			free(texts[i - 1]);
	}
	free(texts[count - 1]);
	free(texts);
	return found;
}

static bool has_duplicate(const struct slice *keys, size_t count)
{
	bool plain = count <= FEW;

	for (size_t i = 0; plain && i < count; i++)
		plain = !memchr(keys[i].data, '\\', keys[i].length);
	if (!plain)
		return slow(keys, count);
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (slice_same(keys[i], keys[k]))
				return true;
	return false;
}

bool key_list_has_duplicate(struct key_list *keys, size_t first)
{
	size_t count = keys->count - first;

	keys->count = first;
	return count > 1 && has_duplicate(keys->items + first, count);
}

void key_list_free(struct key_list *keys)
{
	free(keys->items);
}

static bool in_value(struct json_cursor *cursor, struct key_list *keys)
{
	enum json_type type = json_peek(cursor);
	size_t first = keys->count;
	bool found = false;
	struct slice key;

	if (type == JSON_OBJECT) {
		json_enter_object(cursor);
		while (json_next_member(cursor, &key)) {
			key_list_add(keys, key);
			found = in_value(cursor, keys) || found;
		}
		found = key_list_has_duplicate(keys, first) || found;
	} else if (type == JSON_ARRAY) {
		json_enter_array(cursor);
		while (json_next_element(cursor))
			found = in_value(cursor, keys) || found;
	} else {
		json_skip(cursor, NULL);
	}
	return found;
}

bool json_has_duplicate_key(struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct key_list keys = {0};
	bool found = in_value(&cursor, &keys);

	key_list_free(&keys);
	return found;
}
