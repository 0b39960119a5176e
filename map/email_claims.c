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

/* The users by e-mail: the one who carries each, and the others aside. */
struct claims {
	struct directory *directory;
	uint32_t *slots;  /* number + 1; 0: empty */
	size_t size;
	uint32_t *losers, count, capacity;
	struct pieces pieces;
	struct buffer texts[2];
	bool failed;
};

/* A user's e-mail, folded. */
static struct slice read_email(struct claims *claims, uint32_t number, struct buffer *folded)
{
	struct buffer text = BUFFER_EMPTY;
	struct slice piece;

	buffer_clear(folded);
	if (!pieces_load(&claims->pieces, &claims->directory->spool, &claims->directory->users.at[number])) {
		claims->failed = true;
		return slice_of(NULL, 0);
	}
	piece = claims->pieces.found[PIECE_EMAIL];
	json_string_decode(slice_of(piece.data + 1, piece.length - 2), &text);
	email_fold(folded, slice_of(text.data, text.length));
	buffer_free(&text);
	return slice_of(folded->data, folded->length);
}

/* Different hashes tell the most; where they are equal, the e-mails themselves do. */
static bool is_same(struct claims *claims, uint32_t a, uint32_t b)
{
	const struct party *at = claims->directory->users.at;
	struct slice left, right;

	if (at[a].email_hash != at[b].email_hash)
		return false;
	left = read_email(claims, a, &claims->texts[0]);
	right = read_email(claims, b, &claims->texts[1]);
	return slice_same(left, right);
}

static bool comes_before(const struct parties *users, uint32_t a, uint32_t b)
{
	if (users->at[a].login_is_email != users->at[b].login_is_email)
		return users->at[a].login_is_email;
	return parties_compare_age(users, a, b) < 0;
}

static uint32_t *slot_of(struct claims *claims, uint32_t number)
{
	size_t i = claims->directory->users.at[number].email_hash & (claims->size - 1);

	while (claims->slots[i] && !is_same(claims, claims->slots[i] - 1, number))
		i = (i + 1) & (claims->size - 1);
	return &claims->slots[i];
}

static void claim(struct claims *claims, uint32_t number)
{
	struct parties *users = &claims->directory->users;
	uint32_t *slot = slot_of(claims, number), loser;

	if (!*slot) {
		*slot = number + 1;
		return;
	}
	loser = comes_before(users, number, *slot - 1) ? *slot - 1 : number;
	if (loser != number)
		*slot = number + 1;
	if (claims->count == claims->capacity) {
		claims->capacity = claims->capacity ? claims->capacity * 2 : 64;
		claims->losers = memory_resize(claims->losers, claims->capacity, sizeof *claims->losers);
	}
	claims->losers[claims->count++] = loser;
}

static void tell(struct claims *claims, uint32_t loser)
{
	const struct parties *users = &claims->directory->users;
	uint32_t holder = *slot_of(claims, loser) - 1;
	struct slice email = read_email(claims, loser, &claims->texts[0]);

	warn("user %.*s shares the e-mail %.*s with user %.*s, who alone carries it: two would block the sign-in",
		SLICE_ARG(parties_id(users, loser)), SLICE_ARG(email), SLICE_ARG(parties_id(users, holder)));
}

bool email_claims_settle(struct directory *directory)
{
	struct parties *users = &directory->users;
	struct claims claims = {.directory = directory, .size = 16};

	while (claims.size / 4 * 3 < users->count)
		claims.size *= 2;
	claims.slots = memory_alloc(claims.size * sizeof *claims.slots);
	for (uint32_t i = 0; !claims.failed && i < users->ids.count; i++)
		if (parties_has(users, i) && users->at[i].email_hash)
			claim(&claims, i);
	for (size_t i = 0; i < claims.size; i++)
		if (claims.slots[i])
			users->at[claims.slots[i] - 1].carries_email = true;
	for (uint32_t i = 0; !claims.failed && message_enabled(MESSAGE_WARNING) && i < claims.count; i++)
		tell(&claims, claims.losers[i]);
	free(claims.slots);
	free(claims.losers);
	buffer_free(&claims.texts[0]);
	buffer_free(&claims.texts[1]);
	pieces_free(&claims.pieces);
	return !claims.failed;
}
