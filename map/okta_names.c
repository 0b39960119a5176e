#include "okta_names.h"

#include "buffer.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"

const char *okta_names_of(const struct parties *groups, uint32_t number)
{
	return number < groups->okta_names_capacity ? groups->okta_names[number]
						    : NULL;
}

static void set_names(struct parties *groups, struct arena *arena,
	uint32_t number, const struct buffer *names)
{
	uint32_t old = groups->okta_names_capacity;

	if (number >= old) {
		groups->okta_names_capacity = groups->capacity;
		groups->okta_names = memory_resize(groups->okta_names,
			groups->capacity, sizeof *groups->okta_names);
		memset(groups->okta_names + old, 0,
			(groups->capacity - old) * sizeof *groups->okta_names);
	}
	groups->okta_names[number] = arena_copy(arena, buffer_slice(names));
}

/* Appends a name to an array that lacks its closing bracket. */
static void add_encoded(struct buffer *names, struct slice encoded)
{
	buffer_add_byte(names, names->length ? ',' : '[');
	buffer_add(names, encoded.data, encoded.length);
}

void okta_names_read(struct parties *groups, struct arena *arena,
	uint32_t number, struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct buffer names = BUFFER_EMPTY, text = BUFFER_EMPTY;
	struct slice raw;

	/* A group that was renamed has lines for each of its names. */
	if (okta_names_of(groups, number))
		return;
	json_enter_array(&cursor);
	while (json_next_element(&cursor) && json_string_raw(&cursor, &raw)) {
		struct buffer encoded = BUFFER_EMPTY;

		buffer_clear(&text);
		json_string_decode(raw, &text);
		json_string_encode(&encoded, buffer_slice(&text));
		add_encoded(&names, buffer_slice(&encoded));
		buffer_free(&encoded);
	}
	if (names.length) {
		buffer_add_byte(&names, ']');
		set_names(groups, arena, number, &names);
	}
	buffer_free(&names);
	buffer_free(&text);
}

/* Counts the names. Is name, encoded, among them? */
static bool find_name(const char *known, struct slice name, size_t *count)
{
	struct json_cursor cursor = json_cursor(known, strlen(known));
	struct slice element;
	bool found = false;

	json_enter_array(&cursor);
	while (json_next_element(&cursor) && json_skip(&cursor, &element)) {
		found = found || slice_same(element, name);
		++*count;
	}
	return found;
}

/* All names but those after the first that are too many. */
static void copy_names(struct buffer *names, const char *known, size_t count)
{
	struct json_cursor cursor = json_cursor(known, strlen(known));
	struct slice element;
	size_t i = 0;

	json_enter_array(&cursor);
	while (json_next_element(&cursor) && json_skip(&cursor, &element)) {
		if (i == 0 || count - i < OKTA_NAMES_MOST - 1)
			add_encoded(names, element);
		i++;
	}
}

void okta_names_add(struct parties *groups, struct arena *arena,
	uint32_t number, struct slice name)
{
	const char *known = okta_names_of(groups, number);
	struct buffer encoded = BUFFER_EMPTY, names = BUFFER_EMPTY;
	size_t count = 0;

	json_string_encode(&encoded, name);
	if (!known || !find_name(known, buffer_slice(&encoded), &count)) {
		if (known)
			copy_names(&names, known, count);
		add_encoded(&names, buffer_slice(&encoded));
		buffer_add_byte(&names, ']');
		set_names(groups, arena, number, &names);
	}
	buffer_free(&encoded);
	buffer_free(&names);
}
