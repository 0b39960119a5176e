#include "name_claims.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <strings.h>

#include "buffer.h"
#include "early.h"
#include "entity_name.h"
#include "exit_status.h"
#include "ledger.h"
#include "memory.h"
#include "message.h"
#include "reserved_names.h"

enum { SUFFIX_LETTERS = 8, SUFFIX_MOST = 24, AHEAD = 16 };

/* Those who claim a name that somebody else gets. */
struct losers {
	struct loser {
		const struct parties *parties;
		uint32_t number;
	} *at;
	uint32_t count, capacity;
};

/* RFC 4648 base32, lower case, of SHA-256. */
static void hash_letters(struct slice id, char letters[SUFFIX_MOST + 1])
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned bits = 0, have = 0;
	size_t next = 0;

	if (!EVP_Digest(id.data, id.length, hash, NULL, EVP_sha256(), NULL))
		exit(fail(STATUS_INTERNAL, "SHA-256 is not available"));
	for (size_t i = 0; i < SUFFIX_MOST; i++) {
		if (have < 5) {
			bits = bits << 8 | hash[next++];
			have += 8;
		}
		have -= 5;
		letters[i] = alphabet[bits >> have & 31];
	}
	letters[SUFFIX_MOST] = '\0';
}

/* base with the first letters of a suffix behind it. */
static const char *with_suffix(struct buffer *name, const char *base, const char *suffix, size_t letters)
{
	buffer_clear(name);
	entity_name_repair(name, slice_of_string(base), ENTITY_NAME_MAX - 1 - letters);
	buffer_add_byte(name, '-');
	buffer_add(name, suffix, letters);
	return buffer_string(name);
}

bool name_is_made_of(const char *name, const char *base, struct slice id)
{
	struct buffer other = BUFFER_EMPTY;
	char suffix[SUFFIX_MOST + 1];
	bool same = strcasecmp(name, base) == 0;

	if (!same && strlen(name) > SUFFIX_LETTERS && strchr(name, '-')) {
		hash_letters(id, suffix);
		for (size_t letters = SUFFIX_LETTERS; !same && letters <= SUFFIX_MOST; letters++)
			same = strcasecmp(name, with_suffix(&other, base, suffix, letters)) == 0;
		buffer_free(&other);
	}
	return same;
}

static void add_loser(struct losers *losers, const struct parties *parties, uint32_t number)
{
	if (losers->count == losers->capacity) {
		losers->capacity = losers->capacity ? losers->capacity * 2 : 64;
		losers->at = memory_resize(losers->at, losers->capacity, sizeof *losers->at);
	}
	losers->at[losers->count++] = (struct loser){parties, number};
}

/*
 * Who of two gets the name that both claim: less than 0 for a. End users may
 * edit their e-mail but not their login: the login decides first.
 */
static int compare_claims(const struct parties *parties, uint32_t a, uint32_t b)
{
	const struct party *left = &parties->at[a], *right = &parties->at[b];

	if (left->login_gives_name != right->login_gives_name)
		return left->login_gives_name ? -1 : 1;
	if (left->repaired != right->repaired)
		return left->repaired ? 1 : -1;
	return parties_compare_age(parties, a, b);
}

/* Each name to the first of those who claim it. */
static void give_names(struct parties *parties, struct losers *losers)
{
	uint32_t all = parties->ids.count;

	name_book_reserve(parties, parties->count);
	for (uint32_t i = 0; i < all; i++) {
		uint32_t holder;

		if (i + AHEAD < all)
			early(parties->at[i + AHEAD].name);
		if (i + AHEAD / 2 < all && parties->at[i + AHEAD / 2].name)
			name_book_expect(parties, i + AHEAD / 2);

		if (!parties_has(parties, i) || parties->at[i].from_ledger)
			continue;
		holder = name_book_claim(parties, i);
		if (holder == NO_HOLDER)
			continue;
		if (!(holder & HELD) && !parties->at[holder].from_ledger
			&& compare_claims(parties, i, holder) < 0) {
			name_book_enter(parties, i);
			add_loser(losers, parties, holder);
		} else {
			add_loser(losers, parties, i);
		}
	}
}

static int by_name_and_age(const void *left, const void *right)
{
	const struct loser *a = left, *b = right;
	int order = strcasecmp(a->parties->at[a->number].name, b->parties->at[b->number].name);

	return order ? order : parties_compare_age(a->parties, a->number, b->number);
}

/*
 * "00u1 has", or why nobody else gets the name. there: the line of another
 * ledger, if any, that has the name for another id than the loser's.
 */
static void add_holder(struct buffer *text, const struct parties *parties,
	uint32_t holder, const struct reserved_name *there)
{
	uint32_t party;

	if (there && reserved_names_has(parties, holder)) {
		buffer_add_format(text, "%s in %s %s", there->id, there->file,
			there->left ? "keeps" : "has");
		return;
	}
	party = name_book_party(parties, holder);
	buffer_add_format(text, "%.*s%s", SLICE_ARG(parties_id(parties, party)),
		!parties->at[party].line ? ", who has left, keeps"
			: holder & HELD	 ? ", who was renamed, keeps"
					 : " has");
}

/* How the name of a holder who is gone passes on. */
static void add_remedy(struct buffer *text, const struct parties *parties,
	uint32_t loser, uint32_t holder, const struct reserved_name *there)
{
	if (!parties->give || reserved_names_has(parties, holder)
		|| (!(holder & HELD)
			&& parties->at[name_book_party(parties, holder)].line))
		return;
	buffer_add_string(text, "; ");
	if (there) {
		reserved_names_add_obstacle(text, parties->what, there);
		return;
	}
	buffer_add_string(text, "to pass the name on: ");
	ledger_add_give(text, parties, holder, loser);
}

static void tell(const struct parties *parties, uint32_t loser, const char *base, uint32_t holder, bool must_not)
{
	struct buffer other = BUFFER_EMPTY, remedy = BUFFER_EMPTY;
	struct slice id = parties_id(parties, loser);
	const struct reserved_name *there =
		reserved_names_other(parties, holder, loser);

	add_holder(&other, parties, holder, there);
	add_remedy(&remedy, parties, loser, holder, there);
	if (must_not)
		fail(STATUS_DATA,
			"%s %.*s claims the name %s: %s %s it already "
			"(--collisions=fail)%s",
			parties->what, SLICE_ARG(id), base, parties->what,
			buffer_string(&other), buffer_string(&remedy));
	else
		warn("%s %.*s is named %s: %s %s the name %s already%s",
			parties->what, SLICE_ARG(id), parties->at[loser].name,
			parties->what, buffer_string(&other), base,
			buffer_string(&remedy));
	buffer_free(&other);
	buffer_free(&remedy);
}

/* A suffix for each loser: longer than usual where that name is taken, too. */
static void give_suffixes(struct directory *directory, struct parties *parties, const struct losers *losers, bool must_not)
{
	struct buffer name = BUFFER_EMPTY;

	for (uint32_t i = 0; i < losers->count; i++) {
		uint32_t number = losers->at[i].number;
		const char *base = parties->at[number].name;
		char suffix[SUFFIX_MOST + 1];
		size_t letters = SUFFIX_LETTERS;

		hash_letters(parties_id(parties, number), suffix);
		while (name_book_find(parties, with_suffix(&name, base, suffix, letters)) != NO_HOLDER && letters < SUFFIX_MOST)
			letters++;
		parties->at[number].name = arena_copy(&directory->names, slice_of(name.data, name.length));
		name_book_enter(parties, number);
		tell(parties, number, base, name_book_find(parties, base), must_not);
	}
	buffer_free(&name);
}

int name_claims_settle(struct directory *directory, struct parties *parties, bool must_not)
{
	struct losers losers = {NULL, 0, 0};

	give_names(parties, &losers);
	if (losers.count)
		qsort(losers.at, losers.count, sizeof *losers.at, by_name_and_age);
	give_suffixes(directory, parties, &losers, must_not);
	free(losers.at);
	return must_not && losers.count ? STATUS_DATA : STATUS_OK;
}
