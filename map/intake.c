#include "intake.h"

#include <stdlib.h>

#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "naming.h"
#include "records.h"

struct intake {
	struct directory *directory;
	const struct settings *settings;
	struct records *records;
	struct record record;
	struct buffer text;  /* scratch */
	struct buffer id;    /* of the record at hand, until the directory has it */
	bool saw_org, bad;
};

/* Decodes the next value into text if it is a string that is not empty. The value is taken in any case. */
static bool decode(struct json_cursor *cursor, struct buffer *text)
{
	struct slice raw;

	buffer_clear(text);
	if (json_peek(cursor) != JSON_STRING) {
		json_skip(cursor, NULL);
		return false;
	}
	if (!json_string_raw(cursor, &raw) || !raw.length)
		return false;
	json_string_decode(raw, text);
	return true;
}

/* The next value if it is a string that is not empty; NULL otherwise. */
static const char *take_text(struct intake *in, struct json_cursor *cursor)
{
	if (!decode(cursor, &in->text))
		return NULL;
	return arena_copy(&in->directory->arena, slice_of(in->text.data, in->text.length));
}

/* The same for a member that Okta has as a string or null: a filter that made it something else is told so. */
static const char *take_known(struct intake *in, struct json_cursor *cursor, struct slice key)
{
	enum json_type type = json_peek(cursor);
	struct slice found;

	if (type == JSON_STRING)
		return take_text(in, cursor);
	if (json_skip(cursor, &found) && type != JSON_NULL && !in->bad) {
		in->bad = true;
		records_reject(in->records, STATUS_DATA, "%.*s: found %.*s, expected a string or null", SLICE_ARG(key),
			found.length < 40 ? (int)found.length : 40, found.data);
	}
	return NULL;
}

static bool is(struct slice key, const char *name)
{
	return json_key_equals(key, name);
}

/* Goes into the member called name of the record; false, after a message, when it is no object. */
static bool enter_member(struct intake *in, struct json_cursor *cursor, const char *name)
{
	struct slice key;

	*cursor = json_cursor(in->record.text.data, in->record.text.length);
	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		if (is(key, name)) {
			if (json_peek(cursor) == JSON_OBJECT)
				return json_enter_object(cursor);
			break;
		}
		json_skip(cursor, NULL);
	}
	records_reject(in->records, STATUS_DATA, "a record of kind %.*s without an object \"%s\"", SLICE_ARG(in->record.kind), name);
	return false;
}

static const char *join_names(struct intake *in, const char *first, const char *last)
{
	if (!first || !last)
		return first ? first : last;
	buffer_clear(&in->text);
	buffer_add_string(&in->text, first);
	buffer_add_byte(&in->text, ' ');
	buffer_add_string(&in->text, last);
	return arena_copy(&in->directory->arena, slice_of(in->text.data, in->text.length));
}

static void read_user_profile(struct intake *in, struct json_cursor *cursor, struct party *user)
{
	const char *first = NULL, *last = NULL, *picture = in->settings->picture;
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		if (picture && is(key, picture))
			user->picture = take_text(in, cursor);
		else if (is(key, "login"))
			user->login = take_known(in, cursor, key);
		else if (is(key, "email"))
			user->email = take_known(in, cursor, key);
		else if (is(key, "displayName"))
			user->title = take_known(in, cursor, key);
		else if (is(key, "firstName"))
			first = take_known(in, cursor, key);
		else if (is(key, "lastName"))
			last = take_known(in, cursor, key);
		else
			json_skip(cursor, NULL);
	}
	if (!user->title)
		user->title = join_names(in, first, last);
}

/* A string decoded, a number as it is written, NULL for anything else. */
static const char *take_attribute(struct intake *in, struct json_cursor *cursor)
{
	struct slice value;

	if (json_peek(cursor) != JSON_NUMBER)
		return take_text(in, cursor);
	return json_skip(cursor, &value) ? arena_copy(&in->directory->arena, value) : NULL;
}

static void read_group_profile(struct intake *in, struct json_cursor *cursor, struct party *group, const char **attribute)
{
	const char *wanted = in->settings->group_attribute;
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		bool is_wanted = wanted && is(key, wanted), name = is(key, "name"), description = is(key, "description");
		const char *value = NULL;

		if (is_wanted)
			value = take_attribute(in, cursor);
		else if (name || description)
			value = take_known(in, cursor, key);
		else
			json_skip(cursor, NULL);
		if (is_wanted)
			*attribute = value;
		if (name)
			group->title = value;
		else if (description)
			group->description = value;
	}
}

/* Finds the place of the record at hand among the parties; NULL after a message. */
static struct party *place(struct intake *in, struct parties *parties, bool has_profile, const char *what)
{
	struct party *party;

	if (in->bad)
		return NULL;
	if (!in->id.length) {
		records_reject(in->records, STATUS_DATA, "a %s without an id", what);
		return NULL;
	}
	if (!has_profile) {
		records_reject(in->records, STATUS_DATA, "%s %s without an object \"profile\": did a filter drop it?", what, buffer_string(&in->id));
		return NULL;
	}
	party = parties_get(parties, slice_of(in->id.data, in->id.length));
	if (party->line) {
		records_reject(in->records, STATUS_DATA, "%s %s came already in line %zu: a stream has each once", what, party->id, party->line);
		return NULL;
	}
	party->line = in->record.line;
	return party;
}

static bool is_excluded(const char *list, const struct buffer *status)
{
	for (const char *p = list; status->length && p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == status->length && memcmp(p, status->data, status->length) == 0)
			return true;
	return false;
}

static void read_user(struct intake *in)
{
	struct party user = {0}, *stored;
	bool has_profile = false, excluded = false;
	struct json_cursor cursor;
	struct slice key;

	if (!enter_member(in, &cursor, "user"))
		return;
	buffer_clear(&in->id);
	while (json_next_member(&cursor, &key)) {
		if (is(key, "id"))
			decode(&cursor, &in->id);
		else if (is(key, "created"))
			user.created = take_known(in, &cursor, key);
		else if (is(key, "status"))
			excluded = decode(&cursor, &in->text) && is_excluded(in->settings->exclude_status, &in->text);
		else if (is(key, "profile") && (has_profile = json_peek(&cursor) == JSON_OBJECT))
			read_user_profile(in, &cursor, &user);
		else
			json_skip(&cursor, NULL);
	}
	stored = place(in, &in->directory->users, has_profile, "user");
	if (!stored)
		return;
	if (excluded) {
		stored->left_out = true;
		in->directory->excluded++;
		return;
	}
	user.id = stored->id;
	user.line = stored->line;
	user.base_name = naming_of_user(&in->directory->arena, in->settings, &user);
	*stored = user;
	in->directory->users.count++;
}

static void read_group(struct intake *in)
{
	struct party group = {0}, *stored;
	const char *attribute = NULL;
	bool has_profile = false;
	struct json_cursor cursor;
	struct slice key;

	if (!enter_member(in, &cursor, "group"))
		return;
	buffer_clear(&in->id);
	while (json_next_member(&cursor, &key)) {
		if (is(key, "id"))
			decode(&cursor, &in->id);
		else if (is(key, "created"))
			group.created = take_known(in, &cursor, key);
		else if (is(key, "type"))
			group.okta_type = take_known(in, &cursor, key);
		else if (is(key, "profile") && (has_profile = json_peek(&cursor) == JSON_OBJECT))
			read_group_profile(in, &cursor, &group, &attribute);
		else
			json_skip(&cursor, NULL);
	}
	stored = place(in, &in->directory->groups, has_profile, "group");
	if (!stored)
		return;
	group.id = stored->id;
	group.line = stored->line;
	group.base_name = naming_of_group(&in->directory->arena, in->settings, &group, attribute);
	*stored = group;
	in->directory->groups.count++;
}

static void read_user_ids(struct intake *in, struct json_cursor *cursor, uint32_t group)
{
	json_enter_array(cursor);
	while (json_next_element(cursor)) {
		if (!decode(cursor, &in->text)) {
			records_reject(in->records, STATUS_DATA, "userIds: expected strings that are not empty");
			return;
		}
		directory_add_edge(in->directory, group, parties_number(&in->directory->users, slice_of(in->text.data, in->text.length)));
	}
}

static void read_members(struct intake *in)
{
	struct json_cursor cursor = json_cursor(in->record.text.data, in->record.text.length), ids = {0};
	bool has_group = false;
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		if (is(key, "groupId")) {
			has_group = decode(&cursor, &in->id);
			continue;
		}
		if (is(key, "userIds") && json_peek(&cursor) == JSON_ARRAY)
			ids = cursor;
		json_skip(&cursor, NULL);
	}
	if (!has_group || !ids.start)
		records_reject(in->records, STATUS_DATA, "a record of kind OktaMembers without a string \"groupId\" and an array \"userIds\"");
	else
		read_user_ids(in, &ids, parties_number(&in->directory->groups, slice_of(in->id.data, in->id.length)));
}

static void read_org(struct intake *in)
{
	struct json_cursor cursor = json_cursor(in->record.text.data, in->record.text.length);
	struct slice key, version = {NULL, 0};

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		if (is(key, "id"))
			in->directory->org_id = take_text(in, &cursor);
		else if (is(key, "oktaUrl"))
			in->directory->okta_url = take_text(in, &cursor);
		else if (is(key, "version"))
			json_skip(&cursor, &version);
		else
			json_skip(&cursor, NULL);
	}
	if (!slice_equals(version, "1"))
		records_reject(in->records, STATUS_DATA, "version %.*s of the stream: this okta-map reads version 1; take both programs from one release",
			version.data ? (int)version.length : 7, version.data ? version.data : "missing");
	else if (in->saw_org)
		records_reject(in->records, STATUS_DATA, "a second OktaOrg: are these two streams one behind the other?");
	in->saw_org = true;
}

static long long take_count(struct json_cursor *cursor)
{
	struct slice value;
	char number[24] = "";

	if (!json_skip(cursor, &value) || value.length >= sizeof number || value.data[0] < '0' || value.data[0] > '9')
		return -1;
	memcpy(number, value.data, value.length);
	return strtoll(number, NULL, 10);
}

static void read_end(struct intake *in)
{
	struct json_cursor cursor = json_cursor(in->record.text.data, in->record.text.length);
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		long long *count = is(key, "groups") ? &in->directory->end_groups : is(key, "users") ? &in->directory->end_users
			: is(key, "memberships") ? &in->directory->end_memberships : is(key, "calls") ? &in->directory->calls
			: is(key, "waitedSeconds") ? &in->directory->waited_seconds : NULL;

		if (count)
			*count = take_count(&cursor);
		else
			json_skip(&cursor, NULL);
	}
}

static void read_record(struct intake *in)
{
	static const struct {
		const char *kind;
		void (*read)(struct intake *);
	} kinds[] = {
		{"OktaUser", read_user}, {"OktaMembers", read_members}, {"OktaGroup", read_group}, {"OktaOrg", read_org}, {"End", read_end},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_equals(in->record.kind, kinds[i].kind)) {
			kinds[i].read(in);
			return;
		}
	records_reject(in->records, STATUS_DATA, "kind %.*s: expected OktaOrg, OktaGroup, OktaMembers, OktaUser or End",
		SLICE_ARG(in->record.kind));
}

int intake_read(struct directory *directory, const struct settings *settings)
{
	struct intake in = {directory, settings, records_open(settings->input, "okta-fetch"), {0}, BUFFER_EMPTY, BUFFER_EMPTY, false, false};
	int status;

	directory->end_groups = directory->end_users = directory->end_memberships = -1;
	directory->calls = directory->waited_seconds = -1;
	while (in.records && records_next(in.records, &in.record))
		read_record(&in);
	status = records_close(in.records);
	if (!status && !in.saw_org)
		status = fail(STATUS_DATA, "no OktaOrg in the input: expected the whole stream of okta-fetch; did a filter drop it?");
	buffer_free(&in.text);
	buffer_free(&in.id);
	return status;
}
