#include "profile.h"

#include <string.h>

#include "catalog.h"
#include "json_string.h"

static void take_string(struct json_cursor *cursor, struct buffer *text)
{
	struct slice raw;

	if (json_peek(cursor) != JSON_STRING)
		json_skip(cursor, NULL);
	else if (json_string_raw(cursor, &raw))
		json_string_decode(raw, text);
}

/* Where the value of a member goes; NULL: nothing reads it. */
static struct buffer *value_of(struct profile *profile, bool annotations,
	struct slice key)
{
	if (!annotations)
		return json_key_equals(key, "email") ? &profile->email : NULL;
	if (json_key_equals(key, "okta.com/email"))
		return &profile->annotation;
	return json_key_equals(key, "okta.com/user-id") ? &profile->id : NULL;
}

static void read_values(struct json_cursor *cursor, bool annotations,
	struct profile *profile)
{
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		struct buffer *to = value_of(profile, annotations, key);

		if (to)
			take_string(cursor, to);
		else
			json_skip(cursor, NULL);
	}
}

/* Reads the object that a member of metadata or spec is. */
static void read_part(struct json_cursor *cursor, bool metadata,
	struct profile *profile)
{
	const char *wanted = metadata ? "annotations" : "profile";
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key))
		if (json_key_equals(key, wanted)
			&& json_peek(cursor) == JSON_OBJECT)
			read_values(cursor, metadata, profile);
		else
			json_skip(cursor, NULL);
}

static void clear(struct profile *profile)
{
	buffer_clear(&profile->id);
	buffer_clear(&profile->annotation);
	buffer_clear(&profile->email);
}

void profile_read_json(struct profile *profile, struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct slice key;

	clear(profile);
	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		bool metadata = json_key_equals(key, "metadata");

		if ((metadata || json_key_equals(key, "spec"))
			&& json_peek(&cursor) == JSON_OBJECT)
			read_part(&cursor, metadata, profile);
		else
			json_skip(&cursor, NULL);
	}
}

static void take_yaml(struct slice line, const char *start,
	struct buffer *value)
{
	struct buffer text = BUFFER_EMPTY;
	struct slice rest;

	if (!slice_starts_with(line, start))
		return;
	rest = slice_of(line.data + strlen(start), line.length - strlen(start));
	rest = format_yaml_text(rest, &text);
	buffer_add(value, rest.data, rest.length);
	buffer_free(&text);
}

void profile_read_yaml(struct profile *profile, struct slice yaml)
{
	const char *p = yaml.data, *end = yaml.data + yaml.length, *feed;
	bool metadata = false, annotations = false, in_profile = false;

	clear(profile);
	for (; p < end && (feed = memchr(p, '\n', (size_t)(end - p))) != NULL;
		p = feed + 1) {
		struct slice line = slice_of(p, (size_t)(feed - p));

		if (!slice_starts_with(line, "  "))
			metadata = slice_equals(line, "metadata:");
		if (!slice_starts_with(line, "    ")) {
			annotations = metadata
				&& slice_equals(line, "  annotations:");
			in_profile = !metadata
				&& slice_equals(line, "  profile:");
		}
		if (annotations) {
			take_yaml(line, "    okta.com/email: ",
				&profile->annotation);
			take_yaml(line, "    okta.com/user-id: ", &profile->id);
		}
		if (in_profile)
			take_yaml(line, "    email: ", &profile->email);
	}
}

bool profile_read_row(struct profile *profile, struct catalog *catalog,
	const struct catalog_row *row, struct buffer *document)
{
	struct format_entity stored;

	if (row->kept) {
		if (!catalog_document(catalog, row, FORMAT_YAML, document))
			return false;
		profile_read_yaml(profile, buffer_slice(document));
		return true;
	}
	if (!catalog_entity(catalog, row, &stored))
		return false;
	profile_read_json(profile, stored.json);
	return true;
}

void profile_free(struct profile *profile)
{
	buffer_free(&profile->id);
	buffer_free(&profile->annotation);
	buffer_free(&profile->email);
}
