#include "intake.h"

#include <stdlib.h>
#include <string.h>

#include "crew.h"
#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "judged.h"
#include "memory.h"
#include "message.h"
#include "records.h"

/* Bytes of entities that stay in memory: a small org needs no temporary file. */
enum { KEPT = 1024 * 1024 };

/* Beyond that a count is none, and all of them together fit. */
enum { COUNT_DIGITS = 12 };

struct reading {
	struct catalog *catalog;
	const struct settings *settings;
	struct records *records;
	unsigned long users, groups; /* of this input */
	long long end_users, end_groups;
};

static const char *copy(struct slice text, struct buffer *to)
{
	buffer_clear(to);
	buffer_add(to, text.data, text.length);
	return buffer_string(to);
}

/* --strict: an entity that Backstage would refuse ends it all. */
static void refuse(struct reading *in, const struct judged *entity)
{
	struct buffer ref = BUFFER_EMPTY;

	records_reject(in->records, STATUS_DATA, "%s: Backstage would refuse it: %.*s",
		entity->ref.length ? copy(entity->ref, &ref) : "an entity without a name", SLICE_ARG(entity->wrong));
	buffer_free(&ref);
}

static void take_entity(struct reading *in, const struct judged *entity, const struct record *record)
{
	struct catalog *catalog = in->catalog;

	catalog->inputs[catalog->input_count - 1].entities++;
	in->users += entity->kind == ENTITY_USER;
	in->groups += entity->kind == ENTITY_GROUP;
	if (entity->wrong.length && in->settings->strict && !in->settings->check) {
		refuse(in, entity);
		return;
	}
	catalog->invalid += entity->wrong.length > 0;
	/* Its Okta id may tell which one it was. */
	if (!entity->ref.length && !entity->okta_id.length) {
		catalog->nameless++;
		warn("%s: an entity without a name: Backstage would refuse it: %.*s: left out", records_place(in->records, record->line),
			SLICE_ARG(entity->wrong));
		return;
	}
	if (!catalog_add(catalog, entity, record->line))
		records_stop(in->records, spool_status(&catalog->spool));
}

static char *take_text(struct json_cursor *cursor)
{
	struct buffer text = BUFFER_EMPTY;
	struct slice raw = {NULL, 0};
	char *string;

	if (json_peek(cursor) != JSON_STRING || !json_string_raw(cursor, &raw)) {
		json_skip(cursor, NULL);
		return NULL;
	}
	json_string_decode(raw, &text);
	string = memory_copy_bytes(text.data, text.length);
	buffer_free(&text);
	return string;
}

static long long take_count(struct json_cursor *cursor)
{
	struct slice value;

	return json_skip(cursor, &value) && value.data[0] >= '0' && value.data[0] <= '9' && value.length <= COUNT_DIGITS
		? strtoll(value.data, NULL, 10) : -1;
}

static void add_count(long long *sum, long long count)
{
	if (count >= 0)
		*sum = (*sum < 0 ? 0 : *sum) + count;
}

/* Where the text of one of End's members goes; NULL: another member. */
static char **member_of(struct catalog_input *input, struct slice key)
{
	if (json_key_equals(key, "id"))
		return &input->id;
	if (json_key_equals(key, "oktaUrl"))
		return &input->org;
	if (json_key_equals(key, "orgId"))
		return &input->org_id;
	return json_key_equals(key, "fetchedAt") ? &input->fetched_at : NULL;
}

static void read_end(struct reading *in, const struct record *record)
{
	struct json_cursor cursor = json_cursor(record->text.data, record->text.length);
	struct catalog_input *input = &in->catalog->inputs[in->catalog->input_count - 1];
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		char **text = member_of(input, key);

		if (json_key_equals(key, "users")) {
			in->end_users = take_count(&cursor);
		} else if (json_key_equals(key, "groups")) {
			in->end_groups = take_count(&cursor);
		} else if (json_key_equals(key, "calls")) {
			add_count(&in->catalog->calls, take_count(&cursor));
		} else if (json_key_equals(key, "waitedSeconds")) {
			add_count(&in->catalog->waited_seconds, take_count(&cursor));
		} else if (text) {
			free(*text);
			*text = take_text(&cursor);
		} else {
			json_skip(&cursor, NULL);
		}
	}
	records_whole(in->records, &cursor);
}

static char *joined(const char *first, const char *second)
{
	struct buffer text = BUFFER_EMPTY;
	char *string;

	buffer_add_format(&text, "%s:%s", first, second);
	string = memory_copy_string(buffer_string(&text));
	buffer_free(&text);
	return string;
}

static void check_counts(const struct reading *in)
{
	if (in->end_users >= 0 && in->end_users != (long long)in->users)
		note("%lu users, where okta-map wrote %lld: a filter changed the stream", in->users, in->end_users);
	if (in->end_groups >= 0 && in->end_groups != (long long)in->groups)
		note("%lu groups, where okta-map wrote %lld: a filter changed the stream", in->groups, in->end_groups);
}

static int compare(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !a - !b;
}

/* Of several streams the one with the least id, then org, names the catalog, in whatever order they come; one without comes last. */
static void name_catalog(struct catalog *catalog)
{
	const struct catalog_input *first = &catalog->inputs[0];

	for (size_t i = 1; i < catalog->input_count; i++) {
		const struct catalog_input *input = &catalog->inputs[i];
		int order = compare(input->id, first->id);

		if (order < 0 || (order == 0 && compare(input->org, first->org) < 0))
			first = input;
	}
	catalog->id = first->id;
	catalog->org = first->org;
	catalog->org_id = first->org_id;
	catalog->fetched_at = first->fetched_at;
}

static void close_input(struct reading *in)
{
	struct catalog *catalog = in->catalog;
	struct catalog_input *input = &catalog->inputs[catalog->input_count - 1];

	input->location = input->org ? joined("url", input->org) : joined("okta-catalog", input->id ? input->id : "default");
	check_counts(in);
}

static bool claim_block(void *context, void *batch, size_t *bytes)
{
	struct records_block *block = &((struct judged_block *)batch)->block;
	bool more = records_read_block(((struct reading *)context)->records, block);

	/* The lines, and what is stored of them. */
	*bytes = 2 * block->end;
	return more;
}

static void judge_block(void *context, void *batch)
{
	judged_read(batch, (unsigned)((const struct reading *)context)->settings->parts);
}

static void take_line(struct reading *in, struct judged_block *block, struct judged_line *line, const struct record *record)
{
	struct judged entity;

	if (!line->is_judged)
		judged_read_line(block, line, (unsigned)in->settings->parts);
	if (!records_whole(in->records, &line->cursor))
		return;
	entity = judged_entity(block, line);
	take_entity(in, &entity, record);
}

static bool take_block(void *context, void *batch)
{
	struct reading *in = context;
	struct judged_block *block = batch;
	struct record record;

	for (size_t i = 0; i < block->count; i++)
		if (!records_take(in->records, block->at[i].text, &record))
			return false;
		else if (slice_equals(record.kind, "End"))
			read_end(in, &record);
		else if (judged_is_of_fetch(record.kind))
			records_reject(in->records, STATUS_DATA, "kind %.*s: these are okta-fetch's records: put okta-map between", SLICE_ARG(record.kind));
		else
			take_line(in, block, &block->at[i], &record);
	buffer_forget(&block->bytes, RECORDS_BLOCK_USUAL);
	return records_close_block(in->records, &block->block);
}

static void stop_reading(void *context)
{
	records_no_more(((struct reading *)context)->records);
}

static void read_blocks(struct reading *in)
{
	struct crew_job job = {in, claim_block, judge_block, take_block, stop_reading};
	size_t count = crew_batches();
	struct judged_block *blocks = memory_alloc(count * sizeof *blocks);

	crew_run(&job, blocks, count, sizeof *blocks);
	for (size_t i = 0; i < count; i++)
		judged_free(&blocks[i]);
	free(blocks);
}

static int read_input(struct reading *in, const char *path)
{
	struct catalog *catalog = in->catalog;
	int status;

	catalog->inputs = memory_resize(catalog->inputs, catalog->input_count + 1, sizeof *catalog->inputs);
	memset(&catalog->inputs[catalog->input_count++], 0, sizeof *catalog->inputs);
	in->users = in->groups = 0;
	in->end_users = in->end_groups = -1;
	in->records = records_open(path, "okta-map");
	if (in->records)
		read_blocks(in);
	status = records_close(in->records);
	if (!status)
		close_input(in);
	return status;
}

int catalog_read(struct catalog *catalog, const struct settings *settings)
{
	struct reading in = {.catalog = catalog, .settings = settings};
	char **path = settings->inputs;
	int status;

	catalog->calls = catalog->waited_seconds = -1;
	catalog->spool = spool_keeping(KEPT);
	do
		status = read_input(&in, *path);
	while (!status && *path && *++path);
	if (!status)
		status = catalog_sort(catalog, settings);
	if (!status)
		name_catalog(catalog);
	catalog->location_key = settings->location_key ? memory_copy_string(settings->location_key)
		: joined("okta-catalog", catalog->id ? catalog->id : "default");
	return status;
}
