#include "email_claims.h"

#include <stdlib.h>

#include "email.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "pieces.h"

uint32_t email_hash(struct slice folded)
{
	uint32_t hash = (uint32_t)id_hash(folded);

	return hash ? hash : 1;
}


/* A user whose e-mail an older user has, too. */
struct sharer {
	const struct claims *claims;
	uint32_t slot, number;
};

/* The users by e-mail: the oldest of each, and the others aside. */
struct claims {
	struct directory *directory;
	bool by_login;
	uint32_t *slots;  /* number + 1; 0: empty */
	size_t size;
	struct sharer *sharers;
	uint32_t count, capacity;
	struct pieces pieces;
	struct buffer texts[2];
	bool failed;
};

/* A user's e-mail or login, folded. */
static struct slice read_folded(struct claims *claims, uint32_t number,
	enum piece piece, struct buffer *folded)
{
	struct directory *d = claims->directory;
	struct buffer text = BUFFER_EMPTY;
	struct slice json;

	buffer_clear(folded);
	if (!pieces_load(&claims->pieces, &d->spool, &d->users.at[number])) {
		claims->failed = true;
		return slice_of(NULL, 0);
	}
	json = claims->pieces.found[piece];
	if (json.length)
		json_string_decode(slice_of(json.data + 1, json.length - 2),
			&text);
	email_fold(folded, buffer_slice(&text));
	buffer_free(&text);
	return buffer_slice(folded);
}

/* Unequal hashes decide; if they are equal, the e-mails themselves do. */
static bool is_same(struct claims *claims, uint32_t a, uint32_t b)
{
	const struct party *at = claims->directory->users.at;
	struct slice left, right;

	if (at[a].email_hash != at[b].email_hash)
		return false;
	left = read_folded(claims, a, PIECE_EMAIL, &claims->texts[0]);
	right = read_folded(claims, b, PIECE_EMAIL, &claims->texts[1]);
	return slice_same(left, right);
}

static uint32_t slot_of(struct claims *claims, uint32_t number)
{
	const struct party *users = claims->directory->users.at;
	size_t i = users[number].email_hash & (claims->size - 1);

	while (claims->slots[i] && !is_same(claims, claims->slots[i] - 1, number))
		i = (i + 1) & (claims->size - 1);
	return (uint32_t)i;
}

static void claim(struct claims *claims, uint32_t number)
{
	const struct parties *users = &claims->directory->users;
	uint32_t slot = slot_of(claims, number);
	uint32_t oldest = claims->slots[slot] - 1;

	if (!claims->slots[slot]) {
		claims->slots[slot] = number + 1;
		return;
	}
	if (parties_compare_age(users, number, oldest) < 0) {
		claims->slots[slot] = number + 1;
		number = oldest;
	}
	if (claims->count == claims->capacity) {
		claims->capacity = claims->capacity ? claims->capacity * 2 : 64;
		claims->sharers = memory_resize(claims->sharers,
			claims->capacity, sizeof *claims->sharers);
	}
	claims->sharers[claims->count++] =
		(struct sharer){claims, slot, number};
}

/* By the oldest user of the e-mail, then by age. */
static int by_age(const void *left, const void *right)
{
	const struct sharer *a = left, *b = right;
	const struct parties *users = &a->claims->directory->users;
	const uint32_t *slots = a->claims->slots;

	if (a->slot != b->slot)
		return parties_compare_age(users, slots[a->slot] - 1,
			slots[b->slot] - 1);
	return parties_compare_age(users, a->number, b->number);
}

/* The users of one e-mail: the oldest is the first. */
static uint32_t user_of(const struct sharer *others, uint32_t index)
{
	return index ? others[index - 1].number
		: others->claims->slots[others->slot] - 1;
}

static void report(struct claims *claims, const struct sharer *others,
	uint32_t count, uint32_t owner)
{
	const struct parties *users = &claims->directory->users;
	struct slice email = buffer_slice(&claims->texts[0]);
	struct buffer list = BUFFER_EMPTY;

	for (uint32_t i = 0; i < count; i++)
		buffer_add_format(&list, "%s%.*s (%s)", i ? ", " : "",
			SLICE_ARG(parties_id(users, user_of(others, i))),
			users->at[user_of(others, i)].name);
	if (owner == NOBODY)
		warn("e-mail %.*s is shared by %lu users, and Backstage "
			"refuses to sign in any of them by e-mail: %s: give "
			"each an address of its own in Okta, let users sign in by Okta "
			"id (the resolver in examples/backstage), or %s",
			SLICE_ARG(email), (unsigned long)count,
			buffer_string(&list), claims->by_login
				? "make the address the login of one of them"
				: "if all of them are one person, leave the "
					"address to the user whose login it is "
					"(--shared-email login)");
	else
		warn("e-mail %.*s is shared by %lu users: %s: only %.*s (%s), "
			"whose login it is, carries it (--shared-email login), "
			"and Backstage signs in each of the others by e-mail "
			"as that user: give each an address of its own in "
			"Okta, or let users sign in by Okta id (the resolver in "
			"examples/backstage)", SLICE_ARG(email),
			(unsigned long)count, buffer_string(&list),
			SLICE_ARG(parties_id(users, owner)),
			users->at[owner].name);
	buffer_free(&list);
}

/* Decides for the users of one e-mail: the oldest and count - 1 others. */
static void settle(struct claims *claims, const struct sharer *others,
	uint32_t count)
{
	struct party *at = claims->directory->users.at;
	uint32_t owner = NOBODY, owners = 0;
	struct slice email = read_folded(claims, user_of(others, 0),
		PIECE_EMAIL, &claims->texts[0]);

	for (uint32_t i = 0; claims->by_login && i < count; i++) {
		uint32_t number = user_of(others, i);

		if (slice_same(email, read_folded(claims, number, PIECE_LOGIN,
				&claims->texts[1]))) {
			owner = number;
			owners++;
		}
	}
	if (owners != 1)
		owner = NOBODY;
	for (uint32_t i = 0; owner != NOBODY && i < count; i++) {
		uint32_t number = user_of(others, i);

		at[number].withholds_email = number != owner;
	}
	if (!claims->failed && message_enabled(MESSAGE_WARNING))
		report(claims, others, count, owner);
}

bool email_claims_settle(struct directory *directory, bool by_login)
{
	struct parties *users = &directory->users;
	struct claims claims = {.directory = directory, .by_login = by_login,
		.size = 16};

	while (claims.size / 4 * 3 < users->count)
		claims.size *= 2;
	claims.slots = memory_alloc(claims.size * sizeof *claims.slots);
	for (uint32_t i = 0; !claims.failed && i < users->ids.count; i++)
		if (parties_has(users, i) && users->at[i].email_hash)
			claim(&claims, i);
	if (claims.count)
		qsort(claims.sharers, claims.count, sizeof *claims.sharers,
			by_age);
	for (uint32_t i = 0, end; !claims.failed && i < claims.count; i = end) {
		for (end = i + 1; end < claims.count
			&& claims.sharers[end].slot == claims.sharers[i].slot;)
			end++;
		settle(&claims, &claims.sharers[i], end - i + 1);
	}
	free(claims.slots);
	free(claims.sharers);
	buffer_free(&claims.texts[0]);
	buffer_free(&claims.texts[1]);
	pieces_free(&claims.pieces);
	return !claims.failed;
}
