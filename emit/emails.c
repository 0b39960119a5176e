#include "emails.h"

#include <stdlib.h>

#include "catalog.h"
#include "email.h"
#include "memory.h"
#include "message.h"
#include "profile.h"
#include "published.h"

enum { NAMED = 20 }; /* users of one e-mail in its line */

struct carrier {
	const char *email;
	const struct catalog_row *row;
};

/* What reads the carriers off the rows. */
struct search {
	struct catalog *catalog;
	struct profile profile;
	struct buffer document, lower;
	struct arena texts;
	struct carrier *carriers;
	size_t count;
};

static struct slice fold(struct slice email, struct buffer *folded)
{
	buffer_clear(folded);
	email_fold(folded, email);
	return buffer_slice(folded);
}

uint64_t emails_hash(struct slice email, struct buffer *lower)
{
	return email.length ? hash_of(fold(email, lower)) : 0;
}

void emails_add(struct emails *emails, uint64_t hash)
{
	if (hash)
		hash_set_add(hash_set_has(&emails->all, hash) ? &emails->shared : &emails->all, hash);
}

void emails_add_document(struct emails *emails, const struct published_document *document)
{
	struct profile profile = {0};

	if (entity_kind_of(document->ref) != ENTITY_USER)
		return;
	if (document->json.data)
		profile_read_json(&profile, document->json);
	else
		profile_read_yaml(&profile, document->bytes);
	emails_add(emails, emails_hash(buffer_slice(&profile.annotation),
		&emails->lower));
	profile_free(&profile);
}

static bool look_at(struct search *search, const struct catalog_row *row)
{
	struct slice email;

	if (!profile_read_row(&search->profile, search->catalog, row,
		&search->document))
		return false;
	email = fold(buffer_slice(&search->profile.annotation),
		&search->lower);
	if (!email.length || !hash_set_has(&search->catalog->emails.shared, hash_of(email)))
		return true;
	if (!(search->count & (search->count - 1)))
		search->carriers = memory_resize(search->carriers, search->count ? 2 * search->count : 1, sizeof *search->carriers);
	search->carriers[search->count++] = (struct carrier){arena_copy(&search->texts, email), row};
	return true;
}

static int by_email(const void *left, const void *right)
{
	const struct carrier *a = left, *b = right;
	int order = strcmp(a->email, b->email);

	return order ? order : (a->row > b->row) - (a->row < b->row);
}

/*
 * Has okta-map reported that these users share the e-mail? It has if all come
 * from one stream of its own, whose End names the org. It has not seen the
 * forms that were published last.
 */
static bool is_reported(const struct catalog *catalog,
	const struct carrier *carriers, size_t count)
{
	unsigned input = carriers->row->input;

	for (size_t i = 0; i < count; i++)
		if (carriers[i].row->last_form
			|| carriers[i].row->input != input)
			return false;
	return catalog->inputs[input].org != NULL;
}

/* The users of one e-mail in a line. */
static void report(const struct catalog *catalog,
	const struct settings *settings, const struct carrier *carriers,
	size_t count)
{
	bool reported = is_reported(catalog, carriers, count);
	struct buffer list = BUFFER_EMPTY;

	if (!message_enabled(reported ? MESSAGE_DEBUG : MESSAGE_WARNING))
		return;
	for (size_t i = 0; i < count && i < NAMED; i++) {
		buffer_add_format(&list, "%s%s (", i ? ", " : "",
			carriers[i].row->ref);
		catalog_place(settings, carriers[i].row, &list);
		buffer_add_byte(&list, ')');
	}
	if (count > NAMED)
		buffer_add_format(&list, " and %zu more", count - NAMED);
	(reported ? debug : warn)("%zu users carry okta.com/email %s, and Backstage refuses to sign "
		"in any of them by e-mail: %s: give each an address of its own "
		"in Okta, or let users sign in by Okta id (catalog-emit(1), "
		"Sign-in)", count, carriers->email, buffer_string(&list));
	buffer_free(&list);
}

/* Carriers that are sorted. */
static void report_all(struct search *search, const struct settings *settings)
{
	struct emails *emails = &search->catalog->emails;
	const struct carrier *carriers = search->carriers;
	size_t end;

	emails->users = memory_alloc((search->count + 1) * sizeof *emails->users);
	for (size_t first = 0; first < search->count; first = end) {
		const char *email = carriers[first].email;

		for (end = first + 1; end < search->count
			&& strcmp(carriers[end].email, email) == 0; end++)
			;
		if (end - first == 1)
			continue;
		report(search->catalog, settings, &carriers[first],
			end - first);
		emails->shared_count++;
		for (size_t i = first; i < end; i++) {
			struct email_user user = {carriers[i].row, i == first};

			emails->users[emails->user_count++] = user;
		}
	}
}

bool emails_report(struct catalog *catalog, const struct settings *settings)
{
	struct search search = {.catalog = catalog};
	bool good = true;

	hash_set_free(&catalog->emails.all);
	for (size_t i = 0; good && catalog->emails.shared.count && i < catalog->count; i++)
		if (catalog->rows[i].kind == ENTITY_USER)
			good = look_at(&search, &catalog->rows[i]);
	if (search.count)
		qsort(search.carriers, search.count, sizeof *search.carriers, by_email);
	if (good && search.count)
		report_all(&search, settings);
	hash_set_free(&catalog->emails.shared);
	profile_free(&search.profile);
	buffer_free(&search.document);
	buffer_free(&search.lower);
	arena_free(&search.texts);
	free(search.carriers);
	return good;
}

void emails_free(struct emails *emails)
{
	hash_set_free(&emails->all);
	hash_set_free(&emails->shared);
	buffer_free(&emails->lower);
	free(emails->users);
}
