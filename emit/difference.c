#include "difference.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static int compare(const char *ref, struct slice other)
{
	size_t length = strlen(ref), shorter = length < other.length ? length : other.length;
	int order = memcmp(ref, other.data, shorter);

	return order ? order : (length > other.length) - (length < other.length);
}

static bool starts_with(struct slice ref, const char *kind)
{
	return ref.length >= strlen(kind) && memcmp(ref.data, kind, strlen(kind)) == 0;
}

static void count_gone(struct difference *d, const struct published_document *document)
{
	d->users_gone += starts_with(document->ref, "user:");
	d->groups_gone += starts_with(document->ref, "group:");
	d->members_gone += document->members;
}

/* Both lists are sorted by ref: one walk pairs them. Added and removed may still turn out to be renamed. */
static bool walk(struct difference *d, struct catalog *catalog, const struct published *published, enum format format,
	const struct catalog_row **added, const struct published_document **removed)
{
	struct buffer document = BUFFER_EMPTY;
	size_t row = 0, old = 0;
	bool good = true;

	while (good && (row < catalog->count || old < published->count)) {
		int order = row == catalog->count ? 1 : old == published->count ? -1
			: compare(catalog->rows[row].ref, published->documents[old].ref);

		if (order < 0) {
			d->new[d->new_count++] = added[d->added_count++] = &catalog->rows[row++];
		} else if (order > 0) {
			removed[d->removed_count++] = &published->documents[old++];
		} else {
			const struct catalog_row *now = &catalog->rows[row++];
			const struct published_document *before = &published->documents[old++];

			good = catalog_document(catalog, now, format, &document);
			if (!slice_same(slice_of(document.data, document.length), before->bytes)) {
				d->new[d->new_count++] = now;
				d->changed[d->changed_count++] = now->ref;
				d->members_gone += before->members > now->members ? before->members - now->members : 0;
			}
		}
	}
	buffer_free(&document);
	return good;
}

static const struct published_document *take_same_id(const struct published_document **removed, size_t count, const char *okta_id)
{
	for (size_t i = 0; i < count && *okta_id; i++)
		if (removed[i] && slice_equals(removed[i]->okta_id, okta_id)) {
			const struct published_document *found = removed[i];

			removed[i] = NULL;
			return found;
		}
	return NULL;
}

/* The same Okta id under another ref is a renaming. */
static void find_renamed(struct difference *d, const struct catalog_row **added, const struct published_document **removed)
{
	size_t added_count = d->added_count, removed_count = d->removed_count;

	d->added_count = d->removed_count = 0;
	for (size_t i = 0; i < added_count; i++) {
		const struct published_document *from = take_same_id(removed, removed_count, added[i]->okta_id);

		if (!from) {
			d->added[d->added_count++] = added[i]->ref;
			continue;
		}
		d->renamed[d->renamed_count++] = (struct renamed){added[i]->ref, from->ref};
		count_gone(d, from);
	}
	for (size_t i = 0; i < removed_count; i++)
		if (removed[i]) {
			d->removed[d->removed_count++] = removed[i]->ref;
			count_gone(d, removed[i]);
		}
}

bool difference_find(struct difference *d, struct catalog *catalog, const struct published *published, enum format format)
{
	const struct catalog_row **added = memory_alloc((catalog->count + 1) * sizeof *added);
	const struct published_document **removed = memory_alloc((published->count + 1) * sizeof *removed);
	bool good;

	memset(d, 0, sizeof *d);
	d->new = memory_alloc((catalog->count + 1) * sizeof *d->new);
	d->added = memory_alloc((catalog->count + 1) * sizeof *d->added);
	d->changed = memory_alloc((catalog->count + 1) * sizeof *d->changed);
	d->renamed = memory_alloc((catalog->count + 1) * sizeof *d->renamed);
	d->removed = memory_alloc((published->count + 1) * sizeof *d->removed);
	for (size_t i = 0; i < published->count; i++) {
		d->users_before += starts_with(published->documents[i].ref, "user:");
		d->groups_before += starts_with(published->documents[i].ref, "group:");
		d->members_before += published->documents[i].members;
	}
	good = walk(d, catalog, published, format, added, removed);
	find_renamed(d, added, removed);
	free(added);
	free(removed);
	return good;
}

void difference_free(struct difference *difference)
{
	free(difference->new);
	free(difference->added);
	free(difference->changed);
	free(difference->removed);
	free(difference->renamed);
}
