#include "catalog.h"

#include <stdlib.h>

#include "drop_refs.h"
#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "records.h"
#include "split.h"

/* KEPT: bytes of entities that stay in memory; a small org needs no temporary file. */
enum { DUPLICATES_NAMED = 10, KEPT = 1024 * 1024 };

struct reading {
	struct catalog *catalog;
	const struct settings *settings;
	struct records *records;
	struct entity entity;
	struct buffer stored;        /* what goes to the spool */
	uint16_t input;
	unsigned long users, groups; /* of this input */
	long long end_users, end_groups;
};

static struct slice slice_of_buffer(const struct buffer *buffer)
{
	return slice_of(buffer->data, buffer->length);
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

/* An entity lies in the spool behind its Okta id and a line feed. */
static void pack(struct buffer *stored, struct slice okta_id, struct slice json)
{
	char *feed;

	buffer_clear(stored);
	buffer_add(stored, okta_id.data, okta_id.length);
	while ((feed = stored->length ? memchr(stored->data, '\n', stored->length) : NULL) != NULL)
		*feed = ' ';
	buffer_add_byte(stored, '\n');
	buffer_add(stored, json.data, json.length);
}

static bool put(struct catalog *catalog, struct catalog_row *row, struct slice bytes)
{
	row->length = (uint32_t)bytes.length;
	return spool_add(&catalog->spool, bytes.data, bytes.length, &row->offset);
}

static void remember_invalid(struct catalog *catalog, const char *ref)
{
	size_t n = catalog->invalid_ref_count++;

	if (!(n & (n - 1)))
		catalog->invalid_refs = memory_resize(catalog->invalid_refs, n ? 2 * n : 1, sizeof *catalog->invalid_refs);
	catalog->invalid_refs[n] = ref;
}

static void store(struct reading *in, const struct record *record)
{
	struct catalog *catalog = in->catalog;
	struct catalog_row *row = add_row(catalog);
	bool invalid = in->entity.wrong.length > 0;

	row->ref = arena_copy(&catalog->arena, slice_of_buffer(&in->entity.ref));
	row->line = (uint32_t)record->line;
	row->input = in->input;
	row->part = (uint16_t)split_part_of(slice_of_buffer(&in->entity.ref), (unsigned)in->settings->parts);
	row->kind = (uint8_t)in->entity.kind;
	row->state = invalid ? ROW_INVALID : ROW_ADDED;
	if (invalid)
		remember_invalid(catalog, row->ref);
	if (!invalid)
		pack(&in->stored, slice_of_buffer(&in->entity.okta_id), record->text);
	if (!put(catalog, row, slice_of_buffer(invalid ? &in->entity.wrong : &in->stored)))
		records_reject(in->records, spool_status(&catalog->spool), "stopped");
}

static void read_entity(struct reading *in, const struct record *record)
{
	struct catalog *catalog = in->catalog;
	struct entity *entity = &in->entity;
	struct json_cursor cursor;

	cursor = json_cursor(record->text.data, record->text.length);
	entity_read(entity, &cursor);
	if (!records_whole(in->records, &cursor))
		return;
	in->users += entity->kind == ENTITY_USER;
	in->groups += entity->kind == ENTITY_GROUP;
	if (entity->wrong.length && in->settings->strict && !in->settings->check) {
		records_reject(in->records, STATUS_DATA, "%s: Backstage would refuse it: %s",
			entity->ref.length ? buffer_string(&entity->ref) : "an entity without a name", buffer_string(&entity->wrong));
		return;
	}
	catalog->invalid += entity->wrong.length > 0;
	if (!entity->ref.length) {
		catalog->nameless++;
		warn("%s: an entity without a name: Backstage would refuse it: %s: left out", records_place(in->records, record->line),
			buffer_string(&entity->wrong));
		return;
	}
	for (size_t i = 0; !entity->wrong.length && i < entity->refs.count; i++)
		hash_set_add(&catalog->refs, entity->refs.values[i]);
	store(in, record);
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
	struct catalog_input *input = &in->catalog->inputs[in->input];
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		char **text = json_key_equals(key, "id") ? &input->id : json_key_equals(key, "oktaUrl") ? &input->org : NULL;

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
	char *copy;

	buffer_add_format(&text, "%s:%s", first, second);
	copy = memory_copy_string(buffer_string(&text));
	buffer_free(&text);
	return copy;
}

static void check_counts(const struct reading *in)
{
	if (in->end_users >= 0 && in->end_users != (long long)in->users)
		note("%lu users, where okta-map wrote %lld: a filter changed the stream", in->users, in->end_users);
	if (in->end_groups >= 0 && in->end_groups != (long long)in->groups)
		note("%lu groups, where okta-map wrote %lld: a filter changed the stream", in->groups, in->end_groups);
}

/* Of several streams the first that says so names the catalog. */
static void close_input(struct reading *in)
{
	struct catalog *catalog = in->catalog;
	struct catalog_input *input = &catalog->inputs[in->input];

	input->location = input->org ? joined("url", input->org) : joined("okta-catalog", input->id ? input->id : "default");
	catalog->id = catalog->id ? catalog->id : input->id;
	catalog->org = catalog->org ? catalog->org : input->org;
	check_counts(in);
}

static int read_input(struct reading *in, const char *path)
{
	struct catalog *catalog = in->catalog;
	struct record record;
	int status;

	catalog->inputs = memory_resize(catalog->inputs, catalog->input_count + 1, sizeof *catalog->inputs);
	memset(&catalog->inputs[catalog->input_count++], 0, sizeof *catalog->inputs);
	in->users = in->groups = 0;
	in->end_users = in->end_groups = -1;
	in->records = records_open(path, "okta-map");
	while (in->records && records_next_unchecked(in->records, &record))
		if (slice_equals(record.kind, "End"))
			read_end(in, &record);
		else if (record.kind.length > 4 && memcmp(record.kind.data, "Okta", 4) == 0)
			records_reject(in->records, STATUS_DATA, "kind %.*s: these are okta-fetch's records: put okta-map between", SLICE_ARG(record.kind));
		else
			read_entity(in, &record);
	status = records_close(in->records);
	if (!status)
		close_input(in);
	return status;
}

static int by_place(const void *left, const void *right)
{
	const struct catalog_row *a = left, *b = right;
	int order = a->part != b->part ? (a->part > b->part) - (a->part < b->part) : strcmp(a->ref, b->ref);

	if (order)
		return order;
	return a->input != b->input ? (a->input > b->input) - (a->input < b->input) : (a->line > b->line) - (a->line < b->line);
}

void catalog_place(const struct settings *settings, const struct catalog_row *row, struct buffer *place)
{
	const char *path = settings->inputs[row->input];

	buffer_add_format(place, "%s%sline %lu", path && strcmp(path, "-") ? path : "", path && strcmp(path, "-") ? ": " : "", (unsigned long)row->line);
}

static int check_duplicates(const struct catalog *catalog, const struct settings *settings)
{
	struct buffer first = BUFFER_EMPTY, second = BUFFER_EMPTY;
	size_t found = 0;

	for (size_t i = 1; i < catalog->count; i++) {
		if (catalog->rows[i].part != catalog->rows[i - 1].part || strcmp(catalog->rows[i].ref, catalog->rows[i - 1].ref) != 0)
			continue;
		if (++found > DUPLICATES_NAMED)
			continue;
		buffer_clear(&first);
		buffer_clear(&second);
		catalog_place(settings, &catalog->rows[i - 1], &first);
		catalog_place(settings, &catalog->rows[i], &second);
		fail(STATUS_DATA, "%s and %s: both are %s, and Backstage would take one of them: rename one, or give each org its --namespace",
			buffer_string(&first), buffer_string(&second), catalog->rows[i].ref);
	}
	if (found > DUPLICATES_NAMED)
		fail(STATUS_DATA, "and %zu more refs that come twice", found - DUPLICATES_NAMED);
	buffer_free(&first);
	buffer_free(&second);
	return found ? STATUS_DATA : STATUS_OK;
}

int catalog_read(struct catalog *catalog, const struct settings *settings)
{
	struct reading in = {.catalog = catalog, .settings = settings};
	int status = STATUS_OK;

	catalog->calls = catalog->waited_seconds = -1;
	catalog->spool = spool_keeping(KEPT);
	do
		status = read_input(&in, settings->inputs[in.input]);
	while (!status && settings->inputs[in.input] && settings->inputs[++in.input]);
	if (!status && catalog->count)
		qsort(catalog->rows, catalog->count, sizeof *catalog->rows, by_place);
	if (!status)
		status = check_duplicates(catalog, settings);
	catalog->location_key = settings->location_key ? memory_copy_string(settings->location_key)
		: joined("okta-catalog", catalog->id ? catalog->id : "default");
	entity_free(&in.entity);
	buffer_free(&in.stored);
	return status;
}

static int order_of(const struct catalog_row *row, struct slice ref, unsigned part)
{
	size_t length;
	int order;

	if (row->part != part)
		return row->part < part ? -1 : 1;
	length = strlen(row->ref);
	order = memcmp(row->ref, ref.data, length < ref.length ? length : ref.length);
	return order ? order : (length > ref.length) - (length < ref.length);
}

struct catalog_row *catalog_find(const struct catalog *catalog, struct slice ref, unsigned parts, size_t *hint)
{
	size_t low = 0, high = catalog->count, middle = *hint;
	unsigned part;

	if (middle < high && slice_equals(ref, catalog->rows[middle].ref)) {
		*hint = middle + 1;
		return &catalog->rows[middle];
	}
	part = split_part_of(ref, parts);
	while (low < high) {
		int order;

		if (middle < low || middle >= high)
			middle = low + (high - low) / 2;
		order = order_of(&catalog->rows[middle], ref, part);
		if (order == 0) {
			*hint = middle + 1;
			return &catalog->rows[middle];
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
		middle = low + (high - low) / 2;
	}
	*hint = low;
	return NULL;
}

const char *catalog_reason(struct catalog *catalog, const struct catalog_row *row)
{
	return spool_read(&catalog->spool, row->offset, row->length, &catalog->stored) ? buffer_string(&catalog->stored) : NULL;
}

bool catalog_keep(struct catalog *catalog, struct catalog_row *row, struct slice document, struct slice json, struct slice okta_id)
{
	struct buffer stored = BUFFER_EMPTY;
	bool good;

	catalog->kept++;
	row->state = ROW_ADDED;
	row->kept = !json.data;
	if (row->kept)
		return put(catalog, row, document);
	pack(&stored, okta_id, json);
	good = put(catalog, row, slice_of_buffer(&stored));
	buffer_free(&stored);
	return good;
}

/* The rows that are still invalid, taken out; their refs go to the set. Does any entity hold one of them? */
static bool take_out_invalid(struct catalog *catalog, struct hash_set *left_out)
{
	size_t count = 0;
	bool held = false;

	for (size_t i = 0; i < catalog->count; i++) {
		uint64_t hash;

		if (catalog->rows[i].state != ROW_INVALID) {
			catalog->rows[count++] = catalog->rows[i];
			continue;
		}
		hash = hash_of(slice_of_string(catalog->rows[i].ref));
		held = held || hash_set_has(&catalog->refs, hash);
		hash_set_remove(&catalog->refs, hash);
		hash_set_add(left_out, hash);
	}
	catalog->count = count;
	return held;
}

static bool drop_from(struct catalog *catalog, struct catalog_row *row, const struct hash_set *left_out, struct buffer *without)
{
	struct format_entity entity;
	size_t dropped, front;

	if (row->kept)
		return true;
	if (!catalog_entity(catalog, row, &entity))
		return false;
	buffer_clear(without);
	pack(without, entity.okta_id, slice_of(NULL, 0));
	front = without->length;
	dropped = drop_refs(entity.json, entity.ref, left_out, without);
	catalog->dropped += dropped;
	return !dropped || without->length <= front || put(catalog, row, slice_of_buffer(without));
}

/* What is left; the refs that lead nowhere are those of no row. */
static void count(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		hash_set_remove(&catalog->refs, hash_of(slice_of_string(catalog->rows[i].ref)));
		catalog->users += catalog->rows[i].kind == ENTITY_USER;
		catalog->groups += catalog->rows[i].kind == ENTITY_GROUP;
	}
	catalog->dangling = catalog->refs.count;
	hash_set_free(&catalog->refs);
}

bool catalog_leave_out(struct catalog *catalog)
{
	struct hash_set left_out = {0};
	struct buffer without = BUFFER_EMPTY;
	bool held = take_out_invalid(catalog, &left_out), good = true;

	for (size_t i = 0; held && good && i < catalog->count; i++)
		good = drop_from(catalog, &catalog->rows[i], &left_out, &without);
	count(catalog);
	hash_set_free(&left_out);
	buffer_free(&without);
	return good;
}

bool catalog_entity(struct catalog *catalog, const struct catalog_row *row, struct format_entity *entity)
{
	const char *feed;

	if (!spool_read(&catalog->spool, row->offset, row->length, &catalog->stored))
		return false;
	feed = memchr(catalog->stored.data, '\n', catalog->stored.length);
	entity->okta_id = slice_of(catalog->stored.data, (size_t)(feed - catalog->stored.data));
	entity->json = slice_of(feed + 1, catalog->stored.length - entity->okta_id.length - 1);
	entity->ref = slice_of_string(row->ref);
	entity->location = catalog->inputs[row->input].location;
	entity->location_key = catalog->location_key;
	return true;
}

bool catalog_document(struct catalog *catalog, const struct catalog_row *row, enum format format, struct buffer *document)
{
	struct format_entity entity;

	if (row->kept)
		return spool_read(&catalog->spool, row->offset, row->length, document);
	if (!catalog_entity(catalog, row, &entity))
		return false;
	buffer_clear(document);
	format_document(format, &entity, document);
	return true;
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->input_count; i++) {
		free(catalog->inputs[i].id);
		free(catalog->inputs[i].org);
		free(catalog->inputs[i].location);
	}
	free(catalog->inputs);
	free(catalog->location_key);
	free(catalog->invalid_refs);
	arena_free(&catalog->arena);
	hash_set_free(&catalog->refs);
	spool_close(&catalog->spool);
	buffer_free(&catalog->stored);
	free(catalog->rows);
}
