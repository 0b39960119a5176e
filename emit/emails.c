#include "emails.h"

#include <stdlib.h>

#include "catalog.h"
#include "memory.h"
#include "message.h"
#include "published.h"

enum { NAMED = 10 };

struct carrier {
	const char *email;
	const struct catalog_row *row;
};

/* What reads the carriers off the rows. */
struct search {
	struct catalog *catalog;
	struct entity entity;
	struct buffer document, email, lower;
	struct arena texts;
	struct carrier *carriers;
	size_t count;
};

static struct slice lower_case(struct slice text, struct buffer *lower)
{
	buffer_clear(lower);
	buffer_add(lower, text.data, text.length);
	for (size_t i = 0; i < lower->length; i++)
		if (lower->data[i] >= 'A' && lower->data[i] <= 'Z')
			lower->data[i] |= 0x20;
	return slice_of(lower->data, lower->length);
}

uint64_t emails_hash(struct slice email, struct buffer *lower)
{
	return email.length ? hash_of(lower_case(email, lower)) : 0;
}

void emails_add(struct emails *emails, uint64_t hash)
{
	if (hash)
		hash_set_add(hash_set_has(&emails->all, hash) ? &emails->shared : &emails->all, hash);
}

/* The annotation of a document in block YAML, as this program writes it. */
static struct slice email_in_yaml(struct slice document, struct buffer *text)
{
	static const char key[] = "    okta.com/email: ";
	const char *p = document.data, *end = document.data + document.length, *feed;

	for (; p < end; p = feed + 1) {
		feed = memchr(p, '\n', (size_t)(end - p));
		if (!feed)
			break;
		if ((size_t)(feed - p) >= sizeof key && memcmp(p, key, sizeof key - 1) == 0)
			return format_yaml_text(slice_of(p + sizeof key - 1, (size_t)(feed - p) - (sizeof key - 1)), text);
	}
	return slice_of(NULL, 0);
}

void emails_add_document(struct emails *emails, const struct published_document *document)
{
	struct entity entity = {0};
	struct buffer text = BUFFER_EMPTY;

	if (document->json.data) {
		entity_read_text(&entity, document->json);
		emails_add(emails, emails_hash(buffer_slice(&entity.email), &emails->lower));
	} else if (entity_kind_of(document->ref) == ENTITY_USER) {
		emails_add(emails, emails_hash(email_in_yaml(document->bytes, &text), &emails->lower));
	}
	entity_free(&entity);
	buffer_free(&text);
}

static bool look_at(struct search *search, const struct catalog_row *row)
{
	struct format_entity stored;
	struct slice email;

	if (row->kept ? !catalog_document(search->catalog, row, FORMAT_YAML, &search->document) : !catalog_entity(search->catalog, row, &stored))
		return false;
	if (row->kept) {
		email = email_in_yaml(slice_of(search->document.data, search->document.length), &search->email);
	} else {
		entity_read_text(&search->entity, stored.json);
		email = buffer_slice(&search->entity.email);
	}
	email = lower_case(email, &search->lower);
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

static void tell(const struct settings *settings, const struct carrier *first, const struct carrier *other)
{
	struct buffer place = BUFFER_EMPTY, place_of_other = BUFFER_EMPTY;

	catalog_place(settings, first->row, &place);
	catalog_place(settings, other->row, &place_of_other);
	warn("%s and %s: %s and %s both carry okta.com/email %s, and Backstage refuses to sign in either: take it from one of them (catalog-emit(1), Sign-in)",
		buffer_string(&place), buffer_string(&place_of_other), first->row->ref, other->row->ref, first->email);
	buffer_free(&place);
	buffer_free(&place_of_other);
}

/* Carriers that are sorted. */
static void tell_all(struct search *search, const struct settings *settings)
{
	struct emails *emails = &search->catalog->emails;
	size_t first = 0, told = 0;

	emails->users = memory_alloc((search->count + 1) * sizeof *emails->users);
	for (size_t i = 1; i <= search->count; i++) {
		if (i < search->count && strcmp(search->carriers[i].email, search->carriers[first].email) == 0) {
			if (++told <= NAMED)
				tell(settings, &search->carriers[first], &search->carriers[i]);
			continue;
		}
		for (size_t k = first; i - first > 1 && k < i; k++)
			emails->users[emails->user_count++] = (struct email_user){search->carriers[k].row, k == first};
		emails->shared_count += i - first > 1;
		first = i;
	}
	if (told > NAMED)
		warn("and %zu more users with an e-mail that another one carries", told - NAMED);
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
		tell_all(&search, settings);
	hash_set_free(&catalog->emails.shared);
	entity_free(&search.entity);
	buffer_free(&search.document);
	buffer_free(&search.email);
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
