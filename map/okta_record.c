#include "okta_record.h"

#include "id_table.h"

struct okta_field {
	const char *name;
	size_t length;
	bool in_profile;
	bool strict;      /* a string or null, as Okta has it: a filter that made it something else is told so */
};

#define OKTA_FIELD(name, in_profile, strict) {name, sizeof name - 1, in_profile, strict}

static const struct okta_field user_fields[USER_FIELDS] = {
	OKTA_FIELD("id", false, false), OKTA_FIELD("status", false, false), OKTA_FIELD("created", false, true), OKTA_FIELD("login", true, true),
	OKTA_FIELD("email", true, true), OKTA_FIELD("displayName", true, true), OKTA_FIELD("firstName", true, true), OKTA_FIELD("lastName", true, true),
};

static const struct okta_field group_fields[GROUP_FIELDS] = {
	OKTA_FIELD("id", false, false), OKTA_FIELD("created", false, true), OKTA_FIELD("type", false, true), OKTA_FIELD("name", true, true),
	OKTA_FIELD("description", true, true),
};

struct reading {
	struct okta_record *record;
	struct okta_shape *shapes; /* of the record, of its profile */
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

static void take_field(struct reading *in, int field, struct slice value)
{
	bool string = value.data[0] == '"', null = value.data[0] == 'n';

	in->record->raw[field] = string && value.length > 2 ? slice_of(value.data + 1, value.length - 2) : slice_of(NULL, 0);
	if (!string && !null && in->fields[field].strict) {
		in->record->wrong = in->fields[field].name;
		in->record->wrong_value = value;
	}
}

/* What a key that was just taken means. */
static struct okta_key look_up(const struct reading *in, struct slice key, bool in_profile)
{
	struct okta_key found = {.field = -1, .profile = !in_profile && is(in->cursor, key, "profile", 7)};

	for (size_t i = 0; i < in->count; i++)
		if (in->fields[i].in_profile == in_profile && is(in->cursor, key, in->fields[i].name, in->fields[i].length))
			found.field = (int8_t)i;
	for (size_t i = 0; i < in->wanteds->count; i++)
		if (in->wanteds->at[i].path.in_profile == in_profile
			&& is(in->cursor, key, in->wanteds->at[i].path.steps[0], in->wanteds->at[i].path.first_length))
			found.asked = true;
	found.key.wanted = found.field >= 0 || found.asked || found.profile;
	return found;
}

/* A key that came where another was expected: the one that is known, or a new one while there is room; NULL: there is none. */
static struct okta_key *find_known(const struct reading *in, struct okta_shape *shape, struct slice key, bool in_profile)
{
	struct okta_key *new = &shape->keys[shape->count];

	for (size_t i = 0; i < shape->count; i++)
		if (shape->keys[i].key.length == key.length + 3 && memcmp(shape->keys[i].key.text + 1, key.data, key.length) == 0)
			return &shape->keys[i];
	if (shape->count == SHAPE_KEYS)
		return NULL;
	*new = look_up(in, key, in_profile);
	if (!json_key_learn(&new->key, key))
		return NULL;
	shape->count++;
	return new;
}

/* Takes the next key that somebody wants, or that came unexpectedly. place: where the next expected one is linked. */
static bool next_key(struct reading *in, bool in_profile, struct json_key ***place, struct slice *key, struct okta_key *meaning)
{
	struct json_key *wanted = json_next_wanted(in->cursor, place);
	struct okta_key *known;

	if (wanted) {
		*meaning = *(struct okta_key *)wanted;
		*key = slice_of(wanted->text + 1, wanted->length - 3u);
		return true;
	}
	if (!json_next_member(in->cursor, key))
		return false;
	known = in->cursor->escaped ? NULL : find_known(in, &in->shapes[in_profile], *key, in_profile);
	if (known) {
		**place = &known->key;
		*place = &known->key.next;
	}
	*meaning = known ? *known : look_up(in, *key, in_profile);
	return true;
}

/* Notes the value of an attribute that somebody asked for. */
static void take_wanted(struct reading *in, struct slice key, bool escaped, bool in_profile, struct slice value)
{
	in->cursor->escaped = escaped;
	for (size_t i = 0; i < in->wanteds->count; i++)
		if (in->wanteds->at[i].path.in_profile == in_profile
			&& is(in->cursor, key, in->wanteds->at[i].path.steps[0], in->wanteds->at[i].path.first_length))
			in->record->wanted[i] = value;
}

/* Goes through the members of the record, or of its profile. */
static void read_members(struct reading *in, bool in_profile)
{
	struct json_cursor *cursor = in->cursor;
	struct json_key **place = &in->shapes[in_profile].first;
	struct okta_key meaning;
	struct slice key, value;

	json_enter_object(cursor);
	while (next_key(in, in_profile, &place, &key, &meaning)) {
		bool escaped = cursor->escaped;

		if (meaning.profile && json_peek(cursor) == JSON_OBJECT) {
			in->record->has_profile = true;
			read_members(in, true);
			continue;
		}
		if (!json_skip(cursor, &value))
			return;
		if (meaning.field >= 0)
			take_field(in, meaning.field, value);
		if (meaning.asked)
			take_wanted(in, key, escaped, in_profile, value);
	}
}

/* Reads the object called name of the line. */
static void read_object(struct reading *in, struct slice line, const char *name)
{
	struct okta_record *record = in->record;
	struct json_cursor *cursor = in->cursor;
	const struct wanteds *wanteds = in->wanteds;
	size_t length = strlen(name);
	struct slice key;

	*cursor = json_cursor(line.data, line.length);
	memset(record->raw, 0, in->count * sizeof *record->raw);
	memset(record->wanted, 0, wanteds->count * sizeof *record->wanted);
	record->has_object = record->has_profile = false;
	record->wrong = NULL;
	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		if (is(cursor, key, name, length) && json_peek(cursor) == JSON_OBJECT) {
			record->has_object = true;
			read_members(in, false);
		} else {
			json_skip(cursor, NULL);
		}
	}
	for (size_t i = 0; i < wanteds->count && !cursor->error; i++)
		record->wanted[i] = attribute_path_below(&wanteds->at[i].path, record->wanted[i]);
	record->hash = id_hash(record->raw[0]);
}

bool okta_record_read(struct okta_record *record, struct okta_reader *reader, struct slice kind, struct slice line, const struct settings *settings)
{
	if (slice_equals(kind, "OktaUser")) {
		struct reading in = {record, reader->users, &record->cursor, user_fields, USER_FIELDS, &settings->of_users};

		read_object(&in, line, "user");
		return true;
	}
	if (slice_equals(kind, "OktaGroup")) {
		struct reading in = {record, reader->groups, &record->cursor, group_fields, GROUP_FIELDS, &settings->of_groups};

		read_object(&in, line, "group");
		return true;
	}
	return false;
}

size_t okta_record_wanted_most(const struct settings *settings)
{
	return settings->of_users.count > settings->of_groups.count ? settings->of_users.count : settings->of_groups.count;
}
