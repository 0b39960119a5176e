#include "intake.h"

#include <stdlib.h>

#include "crew.h"
#include "exit_status.h"
#include "intake_party.h"
#include "json_string.h"
#include "lines.h"
#include "memory.h"
#include "timestamp.h"

enum { IDS_AT_ONCE = 128 };

static bool is(const struct json_cursor *cursor, struct slice key, const char *name)
{
	return slice_equals(key, name) || (cursor->escaped && json_key_equals(key, name));
}

/* Takes the next value; its raw text if it is a string that is not empty. */
static bool take_string(struct json_cursor *cursor, struct slice *raw)
{
	if (json_peek(cursor) != JSON_STRING) {
		json_skip(cursor, NULL);
		return false;
	}
	return json_string_raw(cursor, raw) && raw->length;
}

static void add_members(struct intake *in, uint32_t group, const struct slice *ids, size_t count)
{
	uint32_t numbers[IDS_AT_ONCE];

	parties_numbers(&in->directory->users, ids, numbers, count);
	for (size_t i = 0; i < count; i++)
		memberships_add(&in->directory->memberships, group, numbers[i]);
}

/* Takes an element that is no plain string; false, after a message, when it is no string or empty. */
static bool take_other_id(struct intake *in, struct json_cursor *cursor, uint32_t group)
{
	struct slice id;

	if (!take_string(cursor, &id)) {
		if (!cursor->error)
			records_reject(in->records, STATUS_DATA, "userIds: expected strings that are not empty");
		return false;
	}
	id = intake_text(id, &in->text);
	add_members(in, group, &id, 1);
	return true;
}

static void read_user_ids(struct intake *in, struct json_cursor *cursor, uint32_t group)
{
	struct slice ids[IDS_AT_ONCE];
	size_t count = 0;

	json_enter_array(cursor);
	for (;;) {
		if (json_next_plain_string(cursor, &ids[count])) {
			if (++count == IDS_AT_ONCE) {
				add_members(in, group, ids, count);
				count = 0;
			}
		} else if (!json_next_element(cursor)) {
			break;
		} else if (!take_other_id(in, cursor, group)) {
			return;
		}
	}
	add_members(in, group, ids, count);
}

/* The group stands before its members in the line, as okta-fetch writes it, or the ids are walked over a second time. */
static void read_members(struct intake *in)
{
	struct json_cursor cursor = json_cursor(in->record.text.data, in->record.text.length), ids = {0};
	struct parties *groups = &in->directory->groups;
	uint32_t group = NOBODY;
	bool has_ids = false;
	struct slice key, raw;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		if (is(&cursor, key, "groupId")) {
			if (take_string(&cursor, &raw))
				group = parties_number(groups, intake_text(raw, &in->id));
		} else if (!has_ids && is(&cursor, key, "userIds") && json_peek(&cursor) == JSON_ARRAY) {
			has_ids = true;
			if (group != NOBODY) {
				read_user_ids(in, &cursor, group);
				continue;
			}
			ids = cursor;
			json_skip(&cursor, NULL);
		} else {
			json_skip(&cursor, NULL);
		}
	}
	if (!records_whole(in->records, &cursor))
		return;
	if (group == NOBODY || !has_ids)
		records_reject(in->records, STATUS_DATA, "a record of kind OktaMembers without a string \"groupId\" and an array \"userIds\"");
	else if (ids.start)
		read_user_ids(in, &ids, group);
}

static char *copy_text(struct intake *in, struct slice raw)
{
	struct slice text = intake_text(raw, &in->text);

	return memory_copy_bytes(text.data, text.length);
}

static void read_org(struct intake *in)
{
	struct json_cursor cursor = json_cursor(in->record.text.data, in->record.text.length);
	struct slice key, version = {NULL, 0}, id = {NULL, 0}, url = {NULL, 0}, fetched = {NULL, 0};
	struct slice org = {NULL, 0}, other;
	int status;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		if (is(&cursor, key, "version"))
			json_skip(&cursor, &version);
		else
			take_string(&cursor, is(&cursor, key, "id") ? &id : is(&cursor, key, "oktaUrl") ? &url
				: is(&cursor, key, "fetchedAt") ? &fetched
				: is(&cursor, key, "orgId") ? &org : &other);
	}
	if (!records_whole(in->records, &cursor))
		return;
	if (!slice_equals(version, "1"))
		records_reject(in->records, STATUS_DATA, "version %.*s of the stream: this okta-map reads version 1; take both programs from one release",
			version.data ? (int)version.length : 7, version.data ? version.data : "missing");
	else if (in->saw_org)
		records_reject(in->records, STATUS_DATA, "a second OktaOrg: are these two streams one behind the other?");
	if (in->saw_org)
		return;
	in->saw_org = true;
	in->directory->org_id = id.length ? copy_text(in, id) : NULL;
	in->directory->okta_url = url.length ? copy_text(in, url) : NULL;
	in->directory->okta_org_id = org.length ? copy_text(in, org) : NULL;
	if (fetched.length)
		in->directory->fetched_at = copy_text(in, fetched);
	if (!timestamp_parse(fetched, &in->directory->fetched))
		in->directory->fetched = 0;
	status = ledger_check_org(in->ledger, in->settings, in->directory);
	if (status)
		records_stop(in->records, status);
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
	struct directory *d = in->directory;
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		long long *count = is(&cursor, key, "groups") ? &d->end_groups : is(&cursor, key, "users") ? &d->end_users
			: is(&cursor, key, "memberships") ? &d->end_memberships : is(&cursor, key, "calls") ? &d->calls
			: is(&cursor, key, "waitedSeconds") ? &d->waited_seconds : NULL;

		if (count)
			*count = take_count(&cursor);
		else
			json_skip(&cursor, NULL);
	}
	records_whole(in->records, &cursor);
}

static void read_record(struct intake *in)
{
	static const struct {
		const char *kind;
		void (*read)(struct intake *);
	} kinds[] = {
		{"OktaUser", intake_user}, {"OktaMembers", read_members}, {"OktaGroup", intake_group}, {"OktaOrg", read_org}, {"End", read_end},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_equals(in->record.kind, kinds[i].kind)) {
			kinds[i].read(in);
			return;
		}
	records_reject(in->records, STATUS_DATA, "kind %.*s: expected OktaOrg, OktaGroup, OktaMembers, OktaUser or End",
		SLICE_ARG(in->record.kind));
}

/* A line whose kind stands elsewhere than in ours was not read ahead. */
static void read_late(struct intake *in, struct lines *lines, struct line *line)
{
	if (!line->is_read)
		line->is_read = okta_record_read(&line->record, &lines->reader, in->record.kind, line->text, in->settings);
	in->found = &line->record;
}

/* The records a little ahead will be looked up. */
static void expect(const struct intake *in, const struct lines *lines, size_t at)
{
	enum { FAR = 6, NEAR = 3 };
	const struct parties *users = &in->directory->users;

	if (at + FAR < lines->count && lines->at[at + FAR].is_read)
		parties_expect(users, lines->at[at + FAR].record.hash);
	if (at + NEAR < lines->count && lines->at[at + NEAR].is_read)
		parties_expect_row(users, lines->at[at + NEAR].record.hash);
}

static bool claim_block(void *context, void *batch, size_t *bytes)
{
	struct records_block *block = &((struct lines *)batch)->block;
	bool more = records_read_block(((struct intake *)context)->records, block);

	*bytes = block->end;
	return more;
}

static void read_lines(void *context, void *batch)
{
	lines_read(batch, ((const struct intake *)context)->settings);
}

static bool take_lines(void *context, void *batch)
{
	struct intake *in = context;
	struct lines *lines = batch;

	for (size_t i = 0; i < lines->count; i++) {
		expect(in, lines, i);
		if (!records_take(in->records, lines->at[i].text, &in->record))
			return false;
		read_late(in, lines, &lines->at[i]);
		read_record(in);
	}
	return records_close_block(in->records, &lines->block);
}

static void stop_reading(void *context)
{
	records_no_more(((struct intake *)context)->records);
}

int intake_read(struct intake *in)
{
	struct crew_job job = {in, claim_block, read_lines, take_lines, stop_reading};
	size_t count = crew_batches();
	struct lines *lines = memory_alloc(count * sizeof *lines);
	int status;

	in->managers.by_id = in->settings->manager_by_id;
	in->records = records_open(in->settings->input, "okta-fetch");
	if (in->records)
		crew_run(&job, lines, count, sizeof *lines);
	status = records_close(in->records);
	for (size_t i = 0; i < count; i++)
		lines_free(&lines[i]);
	free(lines);
	if (!status && !in->saw_org)
		status = fail(STATUS_DATA, "no OktaOrg in the input: expected the whole stream of okta-fetch; did a filter drop it?");
	return status;
}

void intake_free(struct intake *in)
{
	struct buffer *scratch[] = {&in->id, &in->text, &in->base, &in->name, &in->key, &in->above};

	for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
		buffer_free(scratch[i]);
	pieces_free(&in->pieces);
	links_free(&in->managers);
	links_free(&in->parents);
}
