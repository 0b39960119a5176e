#include "catalog.h"

#include <stdlib.h>

#include "drop_refs.h"
#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "published.h"
#include "split.h"

enum { DUPLICATES_NAMED = 10, READ_AHEAD = 64 * 1024 };

static struct catalog_row *add_row(struct catalog *catalog)
{
	if (catalog->count == catalog->capacity) {
		catalog->capacity = catalog->capacity ? catalog->capacity * 2 : 256;
		catalog->rows = memory_resize(catalog->rows, catalog->capacity, sizeof *catalog->rows);
	}
	memset(&catalog->rows[catalog->count], 0, sizeof *catalog->rows);
	return &catalog->rows[catalog->count++];
}

static void pack(struct buffer *stored, struct slice okta_id, struct slice json)
{
	buffer_clear(stored);
	judged_pack(stored, okta_id, json);
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

bool catalog_add(struct catalog *catalog, const struct judged *entity, size_t line)
{
	struct catalog_row *row = add_row(catalog);
	bool invalid = entity->wrong.length > 0;

	row->ref = arena_copy(&catalog->arena, entity->ref);
	row->line = (uint32_t)line;
	row->input = (uint16_t)(catalog->input_count - 1);
	row->part = entity->part;
	row->kind = (uint8_t)entity->kind;
	row->state = invalid ? ROW_INVALID : ROW_ADDED;
	if (invalid) {
		if (*row->ref)
			remember_invalid(catalog, row->ref);
		return put(catalog, row, entity->stored);
	}
	for (size_t i = 0; i < entity->ref_count; i++)
		hash_set_add(&catalog->refs, entity->refs[i]);
	emails_add(&catalog->emails, entity->email);
	return put(catalog, row, entity->stored);
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

	if (path && strcmp(path, "-") != 0)
		buffer_add_format(place, "%s: ", path);
	buffer_add_format(place, "line %lu", (unsigned long)row->line);
}

static int check_duplicates(const struct catalog *catalog, const struct settings *settings)
{
	struct buffer first = BUFFER_EMPTY, second = BUFFER_EMPTY;
	size_t found = 0;

	for (size_t i = 1; i < catalog->count; i++) {
		if (catalog->rows[i].part != catalog->rows[i - 1].part || strcmp(catalog->rows[i].ref, catalog->rows[i - 1].ref) != 0
			|| !*catalog->rows[i].ref)
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

int catalog_sort(struct catalog *catalog, const struct settings *settings)
{
	if (catalog->count)
		qsort(catalog->rows, catalog->count, sizeof *catalog->rows, by_place);
	return check_duplicates(catalog, settings);
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
	return spool_read(&catalog->spool, row->offset, row->length, &catalog->stored) ? strchr(buffer_string(&catalog->stored), '\n') + 1 : NULL;
}

/* What the spool has of the row, until the next call. Where rows come in the order in which they were added, many are read at once. */
static bool find(struct catalog *catalog, struct catalog_reader *reader, const struct catalog_row *row, struct slice *stored)
{
	struct spool *spool = &catalog->spool;
	bool in_order = row->offset == reader->end && row->offset >= spool->kept.length;
	uint64_t left = spool->length - row->offset, length = row->length;

	reader->end = row->offset + row->length;
	if (row->offset >= reader->start && reader->end <= reader->start + reader->window.length) {
		*stored = slice_of(reader->window.data + (row->offset - reader->start), row->length);
		return true;
	}
	if (in_order && length < READ_AHEAD)
		length = left < READ_AHEAD ? left : READ_AHEAD;
	reader->start = row->offset;
	buffer_clear(&reader->window);
	if (!spool_find(spool, row->offset, (size_t)length, &reader->window, stored))
		return false;
	stored->length = row->length;
	return true;
}

struct slice catalog_okta_id(struct catalog *catalog, const struct catalog_row *row)
{
	struct slice stored;
	const char *feed;

	if (!find(catalog, &catalog->reader, row, &stored))
		return slice_of(NULL, 0);
	feed = memchr(stored.data, '\n', stored.length);
	return slice_of(stored.data, (size_t)(feed - stored.data));
}

bool catalog_keep(struct catalog *catalog, struct catalog_row *row, const struct published_document *document)
{
	struct buffer stored = BUFFER_EMPTY;
	bool good;

	catalog->kept++;
	emails_add_document(&catalog->emails, document);
	row->state = ROW_ADDED;
	row->last_form = true;
	row->kept = !document->json.data;
	if (row->kept)
		return put(catalog, row, document->bytes);
	pack(&stored, document->okta_id, document->json);
	good = put(catalog, row, buffer_slice(&stored));
	buffer_free(&stored);
	return good;
}

static void give_up(struct catalog *catalog, const char *ref)
{
	uint64_t hash = hash_of(slice_of_string(ref));

	if (hash_set_has(&catalog->regained, hash))
		return;
	catalog->given_up_held = catalog->given_up_held || hash_set_has(&catalog->refs, hash);
	hash_set_remove(&catalog->refs, hash);
	hash_set_add(&catalog->given_up, hash);
}

void catalog_regain(struct catalog *catalog, struct catalog_row *row, const char *ref, unsigned parts)
{
	uint64_t hash = hash_of(slice_of_string(ref));

	hash_set_add(&catalog->regained, hash);
	hash_set_remove(&catalog->given_up, hash);
	give_up(catalog, row->ref);
	row->ref = ref;
	row->part = (uint16_t)split_part_of(slice_of_string(ref), parts);
}

/* The rows that are still invalid, taken out. */
static void take_out_invalid(struct catalog *catalog)
{
	size_t count = 0;

	for (size_t i = 0; i < catalog->count; i++)
		if (catalog->rows[i].state == ROW_INVALID)
			give_up(catalog, catalog->rows[i].ref);
		else
			catalog->rows[count++] = catalog->rows[i];
	catalog->count = count;
	if (catalog->regained.count)
		qsort(catalog->rows, catalog->count, sizeof *catalog->rows, by_place);
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
	return !dropped || without->length <= front || put(catalog, row, buffer_slice(without));
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
	struct buffer without = BUFFER_EMPTY;
	bool good = true;

	take_out_invalid(catalog);
	for (size_t i = 0; catalog->given_up_held && good && i < catalog->count; i++)
		good = drop_from(catalog, &catalog->rows[i], &catalog->given_up, &without);
	count(catalog);
	buffer_free(&without);
	return good;
}

static bool read_entity(struct catalog *catalog, struct catalog_reader *reader, const struct catalog_row *row, struct format_entity *entity)
{
	struct slice stored;
	const char *feed;

	if (!find(catalog, reader, row, &stored))
		return false;
	feed = memchr(stored.data, '\n', stored.length);
	entity->okta_id = slice_of(stored.data, (size_t)(feed - stored.data));
	entity->json = slice_of(feed + 1, stored.length - entity->okta_id.length - 1);
	entity->ref = slice_of_string(row->ref);
	entity->location = catalog->inputs[row->input].location;
	entity->location_key = catalog->location_key;
	return true;
}

bool catalog_entity(struct catalog *catalog, const struct catalog_row *row, struct format_entity *entity)
{
	return read_entity(catalog, &catalog->reader, row, entity);
}

bool catalog_add_document(struct catalog *catalog, struct catalog_reader *reader, const struct catalog_row *row, enum format format,
	struct buffer *document)
{
	struct format_entity entity;
	struct slice stored;

	if (row->kept)
		return find(catalog, reader, row, &stored) && buffer_add(document, stored.data, stored.length);
	if (!read_entity(catalog, reader, row, &entity))
		return false;
	format_document(format, &entity, document);
	return true;
}

bool catalog_document(struct catalog *catalog, const struct catalog_row *row, enum format format, struct buffer *document)
{
	buffer_clear(document);
	return catalog_add_document(catalog, &catalog->reader, row, format, document);
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->input_count; i++) {
		free(catalog->inputs[i].id);
		free(catalog->inputs[i].org);
		free(catalog->inputs[i].org_id);
		free(catalog->inputs[i].fetched_at);
		free(catalog->inputs[i].location);
	}
	free(catalog->inputs);
	free(catalog->location_key);
	free(catalog->invalid_refs);
	arena_free(&catalog->arena);
	hash_set_free(&catalog->refs);
	hash_set_free(&catalog->given_up);
	hash_set_free(&catalog->regained);
	emails_free(&catalog->emails);
	sign_in_free(&catalog->sign_in);
	spool_close(&catalog->spool);
	buffer_free(&catalog->stored);
	buffer_free(&catalog->reader.window);
	free(catalog->rows);
}
