#include "difference.h"

#include <stdlib.h>
#include <string.h>

#include "documents.h"
#include "exit_status.h"
#include "memory.h"
#include "relation.h"
#include "sort_in_place.h"

/* The walk through the base. */
struct walk {
	struct difference *difference;
	struct catalog *catalog;
	const struct settings *settings;
	struct published *published;
	struct entity entity;            /* a changed row's, for its relations */
	struct buffer document;
	size_t *next_row;                /* by file: the row whose document comes next, while the file is intact */
	uint64_t *size;                  /* by file: of what would be written, as far as it was compared */
	unsigned long by_users, by_groups; /* memberships stated from either side */
	struct hash_set gone;            /* while the parts move: hash_of() the refs that are gone, which may stand in two files */
};

static void add_relation(void *list, uint64_t relation)
{
	relation_list_add(list, relation);
}

static void remove_relation(void *list, uint64_t relation)
{
	relation_list_remove(list, relation);
}

static void count_before(struct walk *walk, const struct published_document *document)
{
	enum entity_kind kind = entity_kind_of(document->ref);

	walk->difference->users_before += kind == ENTITY_USER;
	walk->difference->groups_before += kind == ENTITY_GROUP;
	*(kind == ENTITY_USER ? &walk->by_users : &walk->by_groups) += document->relations;
}

static uint64_t id_hash(struct slice okta_id)
{
	return okta_id.length ? hash_of(okta_id) : 0;
}

/* taken_over: the ref, which a row has; NULL: nobody has it now. */
static void add_gone(struct difference *d,
	const struct published_document *document, const char *taken_over)
{
	enum entity_kind kind = entity_kind_of(document->ref);
	size_t count = d->removed_count;

	if (!(count & (count - 1)))
		d->removed = memory_resize(d->removed, count ? 2 * count : 1, sizeof *d->removed);
	d->removed[d->removed_count++] = (struct gone){
		.ref = taken_over ? taken_over
			: arena_copy(&d->arena, document->ref),
		.okta_id = id_hash(document->okta_id),
		.taken_over = taken_over != NULL,
	};
	d->users_gone += kind == ENTITY_USER;
	d->groups_gone += kind == ENTITY_GROUP;
}

static void add_taken_over(struct walk *walk,
	const struct published_document *document, struct catalog_row *row)
{
	struct difference *d = walk->difference;
	size_t count = d->taken_over_count;

	row->taken_over = true;
	add_gone(d, document, row->ref);
	if (!(count & (count - 1)))
		d->taken_over = memory_resize(d->taken_over,
			count ? 2 * count : 1, sizeof *d->taken_over);
	d->taken_over[d->taken_over_count++] = (struct taken_over){
		.row = (uint32_t)(row - walk->catalog->rows),
		.file = (uint32_t)document->file,
		.from = arena_copy(&d->arena, document->okta_id),
	};
}

/* What went with a document that is gone (row is NULL) or other now: memberships, and perhaps who it was. */
static bool add_lost(struct walk *walk, const struct published_document *document, struct catalog_row *row)
{
	struct difference *d = walk->difference;
	struct format_entity entity;
	size_t before = d->members_gone.count;

	published_relations(walk->published, document, add_relation, &d->members_gone);
	if (!row)
		return true;
	if (!catalog_entity(walk->catalog, row, &entity))
		return false;
	if (document->okta_id.length && entity.okta_id.length
		&& !slice_same(document->okta_id, entity.okta_id))
		add_taken_over(walk, document, row);
	entity_read_text(&walk->entity, entity.json);
	relation_list_except(&d->members_gone, before, walk->entity.relations.values, walk->entity.relations.count);
	return true;
}

/* Is the document what would be written now? In the format asked for it may be intact, in its own it is the same. */
static bool compare(struct walk *walk, const struct published_document *document, struct catalog_row *row, size_t index, bool *same)
{
	struct difference *d = walk->difference;
	enum format format = walk->settings->format == FORMAT_DELTA ? document->format : (enum format)walk->settings->format;
	struct slice bytes;

	if (!catalog_document(walk->catalog, row, format, &walk->document))
		return false;
	bytes = slice_of(walk->document.data, walk->document.length);
	*same = slice_same(bytes, document->bytes);
	d->intact[document->file] = d->intact[document->file] && *same && walk->next_row[document->file] == index;
	walk->next_row[document->file]++;
	walk->size[document->file] += bytes.length;
	if (*same || format == document->format || row->kept)
		return true;
	if (!catalog_document(walk->catalog, row, document->format, &walk->document))
		return false;
	*same = slice_same(slice_of(walk->document.data, walk->document.length), document->bytes);
	return true;
}

/* Was it counted as gone already? After a change of the parts that stopped halfway a document stands in two files. */
static bool was_gone(struct walk *walk, struct slice ref)
{
	uint64_t hash = hash_of(ref);
	bool was = hash_set_has(&walk->gone, hash);

	if (walk->published->moving)
		hash_set_add(&walk->gone, hash);
	return was;
}

static bool take_document(struct walk *walk, const struct published_document *document, size_t *hint)
{
	struct catalog_row *row = catalog_find(walk->catalog, document->ref, (unsigned)walk->settings->parts, hint);
	bool same;

	if (row ? row->state != ROW_ADDED : was_gone(walk, document->ref)) {
		walk->difference->intact[document->file] = false;
		return true;
	}
	count_before(walk, document);
	if (!row) {
		walk->difference->intact[document->file] = false;
		add_gone(walk->difference, document, NULL);
		return add_lost(walk, document, NULL);
	}
	if (!compare(walk, document, row, (size_t)(row - walk->catalog->rows), &same))
		return false;
	row->state = same || row->kept ? ROW_SAME : ROW_CHANGED;
	return row->state == ROW_SAME || add_lost(walk, document, row);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_id(const void *left, const void *right)
{
	const struct gone *a = left, *b = right;

	return a->okta_id != b->okta_id ? compare_numbers(a->okta_id, b->okta_id) : strcmp(a->ref, b->ref);
}

/* The first with that Okta id, of those sorted by it; NULL: none. */
static struct gone *find_id(struct gone *gone, size_t count, uint64_t okta_id)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (gone[middle].okta_id < okta_id)
			low = middle + 1;
		else
			high = middle;
	}
	return okta_id && low < count && gone[low].okta_id == okta_id ? &gone[low] : NULL;
}

/* The same Okta id under another ref is a renaming. */
static bool find_renamed(struct difference *d, struct catalog *catalog)
{
	if (d->removed_count)
		sort_in_place(d->removed, d->removed_count, sizeof *d->removed, by_id);
	for (size_t i = 0; d->removed_count && i < catalog->count; i++) {
		struct catalog_row *row = &catalog->rows[i];
		struct slice okta_id;
		struct gone *from;

		if ((row->state != ROW_ADDED && !row->taken_over) || row->kept)
			continue;
		okta_id = catalog_okta_id(catalog, row);
		if (!okta_id.data)
			return false;
		from = find_id(d->removed, d->removed_count, id_hash(okta_id));
		if (!from || from->renamed)
			continue;
		from->renamed = true;
		from->to = (uint32_t)i;
		row->state = ROW_RENAMED;
	}
	return true;
}

static int by_outcome(const void *left, const void *right)
{
	const struct gone *a = left, *b = right;

	if (a->renamed != b->renamed)
		return a->renamed ? 1 : -1;
	return a->renamed ? compare_numbers(a->to, b->to) : strcmp(a->ref, b->ref);
}

/* Leaves of what is gone the refs that nobody has now, and the renamed ones. */
static void settle_gone(struct difference *d)
{
	size_t left = 0;

	for (size_t i = 0; i < d->removed_count; i++)
		if (d->removed[i].renamed || !d->removed[i].taken_over) {
			d->renamed_count += d->removed[i].renamed;
			d->removed[left++] = d->removed[i];
		}
	if (left)
		sort_in_place(d->removed, left, sizeof *d->removed, by_outcome);
	d->removed_count = left - d->renamed_count;
	d->renamed = d->removed ? d->removed + d->removed_count : NULL;
}

static int by_row(const void *left, const void *right)
{
	const struct taken_over *a = left, *b = right;

	return (a->row > b->row) - (a->row < b->row);
}

static void count(struct difference *d, const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		d->added += catalog->rows[i].state == ROW_ADDED;
		d->changed += catalog->rows[i].state == ROW_CHANGED;
	}
}

/* A file is intact when its first and last lines and its length are what would be written, too. */
static void check_files(struct walk *walk)
{
	struct difference *d = walk->difference;
	struct documents_file file;

	for (size_t i = 0; i < d->files; i++) {
		const struct published_file *published = &walk->published->files[i];

		if (!d->intact[i])
			continue;
		documents_file(&file, walk->settings, walk->catalog, i);
		d->intact[i] = published->exists && walk->next_row[i] == file.first_row + file.rows
			&& file.head.length == strlen(published->head) && memcmp(file.head.data, published->head, file.head.length) == 0
			&& published->mark.size == walk->size[i] + file.frame;
		documents_file_free(&file);
	}
}

static void begin(struct walk *walk)
{
	struct difference *d = walk->difference;
	struct documents_file file;
	bool in_place = walk->settings->base_is_output
		&& !walk->published->moving && walk->published->parts == (unsigned)walk->settings->parts;

	d->files = walk->published->file_count;
	d->intact = memory_alloc((d->files + 1) * sizeof *d->intact);
	walk->next_row = memory_alloc((d->files + 1) * sizeof *walk->next_row);
	walk->size = memory_alloc((d->files + 1) * sizeof *walk->size);
	for (size_t i = 0; in_place && i < d->files; i++) {
		documents_file(&file, walk->settings, walk->catalog, i);
		d->intact[i] = walk->published->files[i].exists;
		walk->next_row[i] = file.first_row;
		documents_file_free(&file);
	}
}

int difference_find(struct difference *d, struct catalog *catalog, struct published *published, const struct settings *settings)
{
	struct walk walk = {.difference = d, .catalog = catalog, .settings = settings, .published = published};
	struct published_document document;
	size_t hint = 0;
	bool good = true;
	int status;

	if (published->exists)
		begin(&walk);
	while (good && published_next(published, &document))
		good = take_document(&walk, &document, &hint);
	status = published_rewind(published);
	d->members_before = walk.by_users > walk.by_groups ? walk.by_users : walk.by_groups;
	if (good && published->exists)
		check_files(&walk);
	good = good && find_renamed(d, catalog);
	settle_gone(d);
	/* A base in other parts has another order. */
	if (d->taken_over_count)
		sort_in_place(d->taken_over, d->taken_over_count,
			sizeof *d->taken_over, by_row);
	count(d, catalog);
	entity_free(&walk.entity);
	buffer_free(&walk.document);
	hash_set_free(&walk.gone);
	free(walk.next_row);
	free(walk.size);
	return good ? status : spool_status(&catalog->spool);
}

bool difference_check_members(struct difference *d, struct catalog *catalog)
{
	struct entity entity = {0};
	struct format_entity stored;
	struct buffer document = BUFFER_EMPTY;
	bool good = true;

	if (d->members_gone.out)
		return true;
	relation_list_settle(&d->members_gone);
	for (size_t i = 0; good && relation_list_count(&d->members_gone) && i < catalog->count; i++) {
		struct catalog_row *row = &catalog->rows[i];

		if (row->kind == ENTITY_OTHER)
			continue;
		if (row->kept) {
			good = catalog_document(catalog, row, FORMAT_YAML, &document);
			relations_in_yaml(slice_of(document.data, document.length), slice_of_string(row->ref), remove_relation, &d->members_gone);
			continue;
		}
		good = catalog_entity(catalog, row, &stored);
		if (good)
			entity_read_text(&entity, stored.json);
		for (size_t k = 0; good && k < entity.relations.count; k++)
			relation_list_remove(&d->members_gone, entity.relations.values[k]);
	}
	entity_free(&entity);
	buffer_free(&document);
	return good;
}

void difference_free(struct difference *d)
{
	free(d->removed);
	free(d->taken_over);
	free(d->intact);
	relation_list_free(&d->members_gone);
	arena_free(&d->arena);
}
