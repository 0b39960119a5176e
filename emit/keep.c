#include "keep.h"

#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"

/* An invalid row, who it is, and what is kept for it. */
struct keeper {
	struct catalog_row *row;
	const char *okta_id; /* "": not said */
	const char *ref;     /* of the document; NULL: there is none */
};

struct keeping {
	struct catalog *catalog;
	const struct settings *settings;
	struct published *published;
	struct keeper *keepers;  /* in the order of the rows */
	struct keeper **by_id;
	size_t count;
};

static bool can_keep(const struct settings *settings, const struct published_document *document)
{
	/* A delta says nothing of what stays. */
	return document->json.data || format_is_yaml((enum format)settings->format) || settings->format == FORMAT_DELTA;
}

static int compare_ids(const void *left, const void *right)
{
	const struct keeper *const *a = left, *const *b = right;

	return strcmp((*a)->okta_id, (*b)->okta_id);
}

static struct keeper *keeper_of_id(const struct keeping *k, struct slice okta_id)
{
	size_t low = 0, high = k->count;

	while (okta_id.length && low < high) {
		size_t middle = low + (high - low) / 2;
		const char *other = k->by_id[middle]->okta_id;
		size_t length = strlen(other);
		int order = memcmp(other, okta_id.data, length < okta_id.length ? length : okta_id.length);

		order = order ? order : (length > okta_id.length) - (length < okta_id.length);
		if (order == 0)
			return k->by_id[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int compare_rows(const void *left, const void *right)
{
	const struct keeper *a = left, *b = right;

	return (a->row > b->row) - (a->row < b->row);
}

/*
 * Whose last form a document is: of the row with its Okta id, whatever this is called now; where one of the two says none, of
 * the row with its ref. NULL: of none, or its ref is that of an entity that is valid.
 */
static struct keeper *keeper_of(const struct keeping *k, const struct published_document *document, size_t *hint)
{
	struct keeper wanted = {.row = catalog_find(k->catalog, document->ref, (unsigned)k->settings->parts, hint)};
	struct keeper *keeper;

	if ((wanted.row && wanted.row->state != ROW_INVALID) || !can_keep(k->settings, document))
		return NULL;
	keeper = keeper_of_id(k, document->okta_id);
	if (keeper)
		return (enum entity_kind)keeper->row->kind == entity_kind_of(document->ref) ? keeper : NULL;
	keeper = wanted.row ? bsearch(&wanted, k->keepers, k->count, sizeof *k->keepers, compare_rows) : NULL;
	return keeper && !(*keeper->okta_id && document->okta_id.length) ? keeper : NULL;
}

static bool find_invalid(struct keeping *k)
{
	struct catalog *catalog = k->catalog;

	k->keepers = memory_alloc((catalog->invalid - catalog->nameless) * sizeof *k->keepers);
	k->by_id = memory_alloc((catalog->invalid - catalog->nameless) * sizeof *k->by_id);
	for (size_t i = 0; i < catalog->count; i++) {
		struct slice okta_id;

		if (catalog->rows[i].state != ROW_INVALID)
			continue;
		okta_id = catalog_okta_id(catalog, &catalog->rows[i]);
		if (!okta_id.data)
			return false;
		k->keepers[k->count] = (struct keeper){&catalog->rows[i], arena_copy(&catalog->arena, okta_id), NULL};
		k->by_id[k->count] = &k->keepers[k->count];
		k->count++;
	}
	qsort(k->by_id, k->count, sizeof *k->by_id, compare_ids);
	return true;
}

/* Finds what is kept for whom. One that gave no Okta id gets that of its document, to be told from those that are valid. */
static int find_last(struct keeping *k)
{
	struct published_document document;
	size_t hint = 0;

	while (published_next(k->published, &document)) {
		struct keeper *keeper = keeper_of(k, &document, &hint);

		if (!keeper || keeper->ref)
			continue;
		keeper->ref = arena_copy(&k->catalog->arena, document.ref);
		if (!*keeper->okta_id)
			keeper->okta_id = arena_copy(&k->catalog->arena, document.okta_id);
		keeper->row->kept = true;
	}
	qsort(k->by_id, k->count, sizeof *k->by_id, compare_ids);
	return published_rewind(k->published);
}

/* Nobody is published twice: who is there as a valid entity keeps no form of the past beside it. */
static bool forget_valid(struct keeping *k)
{
	struct catalog *catalog = k->catalog;

	for (size_t i = 0; i < catalog->count; i++) {
		struct catalog_row *row = &catalog->rows[i];
		struct keeper *keeper;
		struct slice okta_id;

		if (row->state == ROW_INVALID)
			continue;
		okta_id = catalog_okta_id(catalog, row);
		if (!okta_id.data)
			return false;
		keeper = keeper_of_id(k, okta_id);
		if (keeper && keeper->row->kind == row->kind) {
			keeper->ref = NULL;
			keeper->row->kept = false;
		}
	}
	return true;
}

static int report_invalid(const struct keeping *k)
{
	struct buffer place = BUFFER_EMPTY;
	int status = STATUS_OK;

	for (size_t i = 0; !status && i < k->count; i++) {
		const struct keeper *keeper = &k->keepers[i];
		const char *ref = keeper->row->ref, *reason = catalog_reason(k->catalog, keeper->row);
		bool renamed = keeper->ref && strcmp(keeper->ref, ref) != 0;

		buffer_clear(&place);
		catalog_place(k->settings, keeper->row, &place);
		if (!reason)
			status = spool_status(&k->catalog->spool);
		else
			warn("%s: %s: Backstage would refuse it: %s: %s%s%s", buffer_string(&place), *ref ? ref : "an entity without a name", reason,
				keeper->ref ? "its last published form stays" : "left out", renamed ? ", as " : "", renamed ? keeper->ref : "");
	}
	buffer_free(&place);
	return status;
}

static int keep_last(struct keeping *k)
{
	struct published_document document;
	size_t hint = 0;

	while (published_next(k->published, &document)) {
		struct keeper *keeper = keeper_of(k, &document, &hint);

		if (keeper && keeper->ref && slice_equals(document.ref, keeper->ref) && keeper->row->state == ROW_INVALID
			&& !catalog_keep(k->catalog, keeper->row, &document))
			return spool_status(&k->catalog->spool);
	}
	return published_rewind(k->published);
}

/* Rows are found by the ref that they have in the stream, so refs change after all documents were seen. */
static void regain_refs(struct keeping *k)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->keepers[i].ref && strcmp(k->keepers[i].ref, k->keepers[i].row->ref) != 0)
			catalog_regain(k->catalog, k->keepers[i].row, k->keepers[i].ref, (unsigned)k->settings->parts);
}

int keep_invalid(struct catalog *catalog, const struct settings *settings, struct published *published)
{
	struct keeping keeping = {.catalog = catalog, .settings = settings, .published = published};
	int status = STATUS_OK;

	if (catalog->invalid > catalog->nameless) {
		status = find_invalid(&keeping) ? find_last(&keeping) : spool_status(&catalog->spool);
		if (!status && !forget_valid(&keeping))
			status = spool_status(&catalog->spool);
		if (!status)
			status = report_invalid(&keeping);
		if (!status)
			status = keep_last(&keeping);
		regain_refs(&keeping);
	}
	free(keeping.keepers);
	free(keeping.by_id);
	return !status && !catalog_leave_out(catalog) ? spool_status(&catalog->spool) : status;
}
