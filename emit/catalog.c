#include "catalog.h"

#include <stdio.h>
#include <stdlib.h>

#include "exit_status.h"
#include "format.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "records.h"

struct reading {
	struct catalog *catalog;
	const struct settings *settings;
	const struct published *published;
	struct records *records;
	struct entity entity;
	char *id, *org;              /* of this input */
	uint16_t input;
	unsigned long users, groups; /* of this input */
	long long end_users, end_groups;
	int status;
};

static void remember_ref(void *owner, struct slice ref)
{
	string_table_number(&((struct catalog *)owner)->refs, ref);
}

static struct catalog_row *add_row(struct catalog *catalog)
{
	if (catalog->count == catalog->capacity) {
		catalog->capacity = catalog->capacity ? catalog->capacity * 2 : 256;
		catalog->rows = memory_resize(catalog->rows, catalog->capacity, sizeof *catalog->rows);
	}
	memset(&catalog->rows[catalog->count], 0, sizeof *catalog->rows);
	return &catalog->rows[catalog->count++];
}

static struct slice slice_of_buffer(const struct buffer *buffer)
{
	return slice_of(buffer->data, buffer->length);
}

static void store(struct reading *in, const struct record *record, struct slice bytes, struct slice okta_id, unsigned long members)
{
	struct catalog *catalog = in->catalog;
	struct catalog_row *row = add_row(catalog);

	row->ref = arena_copy(&catalog->arena, slice_of_buffer(&in->entity.ref));
	row->okta_id = arena_copy(&catalog->arena, okta_id);
	row->length = (uint32_t)bytes.length;
	row->members = (uint32_t)members;
	row->line = (uint32_t)record->line;
	row->input = in->input;
	row->kind = (uint16_t)in->entity.kind;
	catalog->users += in->entity.kind == ENTITY_USER;
	catalog->groups += in->entity.kind == ENTITY_GROUP;
	if (!spool_add(&catalog->spool, bytes.data, bytes.length, &row->offset))
		records_reject(in->records, STATUS_IO, "stopped");
}

/* An entity that Backstage would refuse: its last published form, or nothing. */
static void replace_invalid(struct reading *in, const struct record *record)
{
	const struct published_document *last = in->entity.ref.length
		? published_find(in->published, slice_of_buffer(&in->entity.ref)) : NULL;
	const char *ref = in->entity.ref.length ? buffer_string(&in->entity.ref) : "an entity without a name";

	if (in->settings->strict) {
		records_reject(in->records, STATUS_DATA, "%s: Backstage would refuse it: %s", ref, buffer_string(&in->entity.wrong));
		return;
	}
	in->catalog->invalid++;
	warn("%s: %s: Backstage would refuse it: %s: %s", records_place(in->records, record->line), ref,
		buffer_string(&in->entity.wrong), last ? "its last published form stays" : "left out");
	if (!last)
		return;
	in->catalog->kept++;
	store(in, record, last->bytes, last->okta_id, last->members);
	in->catalog->rows[in->catalog->count - 1].kept = true;
}

static void read_entity(struct reading *in, const struct record *record)
{
	entity_read(&in->entity, record->text);
	in->users += in->entity.kind == ENTITY_USER;
	in->groups += in->entity.kind == ENTITY_GROUP;
	if (in->entity.wrong.length) {
		replace_invalid(in, record);
		return;
	}
	store(in, record, record->text, slice_of_buffer(&in->entity.okta_id), in->entity.members);
}

static char *take_text(struct json_cursor *cursor)
{
	struct buffer text = BUFFER_EMPTY;
	struct slice raw = {NULL, 0};
	char *copy;

	if (json_peek(cursor) != JSON_STRING || !json_string_raw(cursor, &raw)) {
		json_skip(cursor, NULL);
		return NULL;
	}
	json_string_decode(raw, &text);
	copy = memory_copy_bytes(text.data, text.length);
	buffer_free(&text);
	return copy;
}

static long long take_count(struct json_cursor *cursor)
{
	struct slice value;

	return json_skip(cursor, &value) && value.data[0] >= '0' && value.data[0] <= '9' ? strtoll(value.data, NULL, 10) : -1;
}

static void add_count(long long *sum, long long count)
{
	if (count >= 0)
		*sum = (*sum < 0 ? 0 : *sum) + count;
}

static void read_end(struct reading *in, const struct record *record)
{
	struct json_cursor cursor = json_cursor(record->text.data, record->text.length);
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		char **text = json_key_equals(key, "id") ? &in->id : json_key_equals(key, "oktaUrl") ? &in->org : NULL;

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
}

/* Of several streams the first names the catalog. */
static void close_input(struct reading *in)
{
	struct catalog *catalog = in->catalog;
	struct buffer location = BUFFER_EMPTY;

	buffer_add_format(&location, "%s:%s", in->org ? "url" : "okta-catalog", in->org ? in->org : in->id ? in->id : "default");
	catalog->locations = memory_resize(catalog->locations, (size_t)in->input + 1, sizeof *catalog->locations);
	catalog->locations[in->input] = memory_copy_string(buffer_string(&location));
	catalog->location_count = (size_t)in->input + 1;
	buffer_free(&location);
	if (!catalog->id)
		catalog->id = in->id;
	else
		free(in->id);
	if (!catalog->org)
		catalog->org = in->org;
	else
		free(in->org);
	in->id = in->org = NULL;
}

static void check_counts(const struct reading *in)
{
	if (in->end_users >= 0 && in->end_users != (long long)in->users)
		note("%lu users, where okta-map wrote %lld: a filter changed the stream", in->users, in->end_users);
	if (in->end_groups >= 0 && in->end_groups != (long long)in->groups)
		note("%lu groups, where okta-map wrote %lld: a filter changed the stream", in->groups, in->end_groups);
}

static int read_input(struct reading *in, const char *path)
{
	struct record record;
	int status;

	in->users = in->groups = 0;
	in->end_users = in->end_groups = -1;
	in->records = records_open(path, "okta-map");
	while (in->records && records_next(in->records, &record))
		if (slice_equals(record.kind, "End"))
			read_end(in, &record);
		else if (record.kind.length > 4 && memcmp(record.kind.data, "Okta", 4) == 0)
			records_reject(in->records, STATUS_DATA, "kind %.*s: these are okta-fetch's records: put okta-map between", SLICE_ARG(record.kind));
		else
			read_entity(in, &record);
	status = records_close(in->records);
	close_input(in);
	if (!status)
		check_counts(in);
	return status;
}

static int by_ref(const void *left, const void *right)
{
	const struct catalog_row *a = left, *b = right;
	int order = strcmp(a->ref, b->ref);

	if (order)
		return order;
	return a->input != b->input ? (a->input > b->input) - (a->input < b->input) : (a->line > b->line) - (a->line < b->line);
}

static void place(const struct catalog_row *row, const struct settings *settings, char *text, size_t size)
{
	const char *path = settings->inputs[row->input];

	snprintf(text, size, "%s%sline %lu", path ? path : "", path ? ": " : "", (unsigned long)row->line);
}

static int check_duplicates(const struct catalog *catalog, const struct settings *settings)
{
	char first[400], second[400];
	int status = STATUS_OK;

	for (size_t i = 1; i < catalog->count; i++) {
		if (strcmp(catalog->rows[i].ref, catalog->rows[i - 1].ref) != 0)
			continue;
		place(&catalog->rows[i - 1], settings, first, sizeof first);
		place(&catalog->rows[i], settings, second, sizeof second);
		status = fail(STATUS_DATA, "%s and %s: both are %s, and Backstage would take one of them: rename one, or give each org its --namespace",
			first, second, catalog->rows[i].ref);
	}
	return status;
}

static void count_dangling(struct catalog *catalog)
{
	for (uint32_t i = 0; i < catalog->refs.count; i++) {
		struct catalog_row key = {.ref = catalog->refs.strings[i]};
		size_t low = 0, high = catalog->count;

		while (low < high) {
			size_t middle = (low + high) / 2;
			int order = strcmp(catalog->rows[middle].ref, key.ref);

			if (order == 0)
				break;
			if (order < 0)
				low = middle + 1;
			else
				high = middle;
		}
		catalog->dangling += low >= high;
	}
}

/* free() it. */
static char *location_key(const struct settings *settings, const struct catalog *catalog)
{
	struct buffer key = BUFFER_EMPTY;
	char *copy;

	if (settings->location_key)
		return memory_copy_string(settings->location_key);
	buffer_add_format(&key, "okta-catalog:%s", catalog->id ? catalog->id : "default");
	copy = memory_copy_string(buffer_string(&key));
	buffer_free(&key);
	return copy;
}

int catalog_read(struct catalog *catalog, const struct settings *settings, const struct published *published)
{
	struct reading in = {.catalog = catalog, .settings = settings, .published = published};
	int status = STATUS_OK;

	memset(catalog, 0, sizeof *catalog);
	catalog->calls = catalog->waited_seconds = -1;
	if (!spool_open(&catalog->spool))
		return STATUS_CREATE;
	in.entity.refers = remember_ref;
	in.entity.owner = catalog;
	do
		status = read_input(&in, settings->inputs[in.input]);
	while (!status && settings->inputs[in.input] && settings->inputs[++in.input]);
	if (!status && catalog->count)
		qsort(catalog->rows, catalog->count, sizeof *catalog->rows, by_ref);
	if (!status)
		status = check_duplicates(catalog, settings);
	if (!status)
		count_dangling(catalog);
	catalog->location_key = location_key(settings, catalog);
	entity_free(&in.entity);
	return status;
}

bool catalog_document(struct catalog *catalog, const struct catalog_row *row, enum format format, struct buffer *document)
{
	struct format_entity entity = {
		.ref = slice_of_string(row->ref), .okta_id = slice_of_string(row->okta_id),
		.location = catalog->locations[row->input], .location_key = catalog->location_key,
	};

	if (row->kept)
		return spool_read(&catalog->spool, row->offset, row->length, document);
	if (!spool_read(&catalog->spool, row->offset, row->length, &catalog->json))
		return false;
	entity.json = slice_of(catalog->json.data, catalog->json.length);
	buffer_clear(document);
	format_document(format, &entity, document);
	return true;
}

void catalog_free(struct catalog *catalog)
{
	arena_free(&catalog->arena);
	string_table_free(&catalog->refs);
	spool_close(&catalog->spool);
	free(catalog->rows);
	for (size_t i = 0; i < catalog->location_count; i++)
		free(catalog->locations[i]);
	free(catalog->locations);
	free(catalog->location_key);
	buffer_free(&catalog->json);
	free(catalog->id);
	free(catalog->org);
}
