#include "okta_record.h"

struct reading {
	struct okta_record *record;
	struct json_cursor *cursor;
	const struct okta_field *fields;
	size_t count;
	const struct wanteds *wanteds;
};

/* Is it the key that was just taken? Lengths tell most keys apart. */
static inline bool is(const struct json_cursor *cursor, struct slice key, const char *name, size_t length)
{
	return (key.length == length && memcmp(key.data, name, length) == 0) || (cursor->escaped && json_key_equals(key, name));
}

static void take_field(struct reading *in, size_t field, struct slice value)
{
	bool string = value.length && value.data[0] == '"', null = value.length && value.data[0] == 'n';

	in->record->raw[field] = string && value.length > 2 ? slice_of(value.data + 1, value.length - 2) : slice_of(NULL, 0);
	if (!string && !null && in->fields[field].strict && value.data) {
		in->record->wrong = &in->fields[field];
		in->record->wrong_value = value;
	}
}

/* Goes through the members of the record, or of its profile. */
static void read_members(struct reading *in, bool in_profile)
{
	struct json_cursor *cursor = in->cursor;
	struct slice key, value;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		bool escaped = cursor->escaped;

		if (!in_profile && is(cursor, key, "profile", 7) && json_peek(cursor) == JSON_OBJECT) {
			in->record->has_profile = true;
			read_members(in, true);
			continue;
		}
		if (!json_skip(cursor, &value))
			return;
		cursor->escaped = escaped;
		for (size_t i = 0; i < in->count; i++)
			if (in->fields[i].in_profile == in_profile && is(cursor, key, in->fields[i].name, in->fields[i].length))
				take_field(in, i, value);
		for (size_t i = 0; i < in->wanteds->count; i++)
			if (in->wanteds->at[i].path.in_profile == in_profile && is(cursor, key, in->wanteds->at[i].path.steps[0], in->wanteds->at[i].path.first_length))
				in->record->wanted[i] = value;
	}
}

void okta_record_read(struct okta_record *record, struct json_cursor *cursor, const char *name, const struct okta_field *fields, size_t count,
	const struct wanteds *wanteds)
{
	struct reading in = {record, cursor, fields, count, wanteds};
	size_t length = strlen(name);
	struct slice key;

	memset(record->raw, 0, count * sizeof *record->raw);
	memset(record->wanted, 0, wanteds->count * sizeof *record->wanted);
	record->has_object = record->has_profile = false;
	record->wrong = NULL;
	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		if (is(cursor, key, name, length) && json_peek(cursor) == JSON_OBJECT) {
			record->has_object = true;
			read_members(&in, false);
		} else {
			json_skip(cursor, NULL);
		}
	}
	for (size_t i = 0; i < wanteds->count && !cursor->error; i++)
		record->wanted[i] = attribute_path_below(&wanteds->at[i].path, record->wanted[i]);
}
