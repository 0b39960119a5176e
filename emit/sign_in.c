#include "sign_in.h"

#include <stdlib.h>

#include "catalog.h"
#include "email.h"
#include "entity_rules.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "profile.h"
#include "sort_in_place.h"

/* Sharers that a reason names; the longest e-mail and id that are found. */
enum { NAMED = 5, LONGEST = 200, LONGEST_ID = 64 };

enum outcome {
	SIGNS_IN, NO_VALUE, NO_ID, INVALID_ID, NOT_LOOKED_UP, TOO_LONG, SHARED,
	OTHER_NAME, SOMEBODY
};

const char *const sign_in_names[] = {
	"user-id", "email-annotation", "profile-email", "email-local-part", NULL
};

/* Keys are hashes of what Backstage compares; 0: no value. */
struct sign_in_user {
	uint64_t key;     /* what is looked up first */
	uint64_t retry;   /* what is looked up if nobody has the first */
	uint32_t row;
	uint32_t other;   /* row: the next sharer in a circle, or SOMEBODY */
	uint32_t sharers; /* all in that circle */
	uint8_t outcome;
	bool found;       /* Backstage finds the user by key */
};

struct search {
	struct catalog *catalog;
	const struct settings *settings;
	struct profile profile;
	struct buffer document, folded;
};

/* Without the blanks of JavaScript's trim() at both ends. */
static struct slice trimmed(struct slice text)
{
	const char *p = text.data, *end = text.data + text.length;
	const char *first = NULL, *last = NULL;

	while (p < end) {
		const char *start = p;

		utf8_next(&p, end);
		if (rule_not_blank(slice_of(start, (size_t)(p - start))))
			continue;
		first = first ? first : start;
		last = p;
	}
	return slice_of(first, first ? (size_t)(last - first) : 0);
}

/*
 * Does a value reach Backstage's catalog unchanged? Its client (uri-template)
 * spoils characters beyond U+FFFF and those before U+0010.
 */
static bool is_sent_as_is(struct slice value)
{
	for (size_t i = 0; i < value.length; i++)
		if ((unsigned char)value.data[i] >= 0xf0
			|| (unsigned char)value.data[i] < 0x10)
			return false;
	return true;
}

/*
 * What of a value Backstage looks up: a comma ends it, for another condition
 * follows. Nothing, if there is one: whom that finds is not followed here.
 */
static struct slice looked_up(struct slice value)
{
	size_t length = value.length;
	const char *comma = length ? memchr(value.data, ',', length) : NULL;

	if (!is_sent_as_is(value))
		return slice_of(NULL, 0);
	for (const char *p = comma; p && p < value.data + length;) {
		const char *start = p;

		utf8_next(&p, value.data + length);
		if (*start != ',' && !rule_not_blank(slice_of(start,
			(size_t)(p - start))))
			return slice_of(NULL, 0);
	}
	return trimmed(slice_of(value.data,
		comma ? (size_t)(comma - value.data) : length));
}

static uint64_t key_of(struct search *search, struct slice value)
{
	value = looked_up(value);
	buffer_clear(&search->folded);
	email_fold(&search->folded, value);
	return value.length ? hash_of(buffer_slice(&search->folded)) : 0;
}

/*
 * Is what was folded last longer than Backstage's table takes? Its characters
 * are UTF-16 units, because is_sent_as_is() admits none beyond U+FFFF.
 */
static bool is_too_long(const struct search *search)
{
	size_t units = 0;

	for (size_t i = 0; i < search->folded.length; i++)
		units += ((unsigned char)search->folded.data[i] & 0xc0) != 0x80;
	return units > LONGEST;
}

/* The address without its +tag, which one resolver tries, too; 0: no other. */
static uint64_t key_without_tag(struct search *search, struct slice email)
{
	const char *at = memchr(email.data, '@', email.length);
	const char *plus = memchr(email.data, '+', email.length);
	struct buffer plain = BUFFER_EMPTY;
	uint64_t key;

	/* /^([^@+]+)(\+[^@]+)?(@.*)$/ */
	if (!at || !plus || plus > at || plus == email.data || plus + 1 == at)
		return 0;
	buffer_add(&plain, email.data, (size_t)(plus - email.data));
	buffer_add(&plain, at, email.length - (size_t)(at - email.data));
	key = key_of(search, buffer_slice(&plain));
	buffer_free(&plain);
	return key;
}

/* Sets what is looked up for a user by the address. */
static void set_address(struct search *search, struct sign_in_user *user)
{
	struct profile *profile = &search->profile;
	bool annotation = search->settings->sign_in == SIGN_IN_EMAIL_ANNOTATION;
	struct slice own = buffer_slice(annotation ? &profile->annotation
		: &profile->email);
	struct slice address = own;

	/* Who lacks the value signs in with the address all the same. */
	if (!own.length)
		address = buffer_slice(annotation ? &profile->email
			: &profile->annotation);
	user->key = key_of(search, address);
	user->outcome = !own.length ? NO_VALUE
		: !slice_same(looked_up(own), own) ? NOT_LOOKED_UP
		: is_too_long(search) ? TOO_LONG : SIGNS_IN;
	user->found = user->outcome == SIGNS_IN;
	if (!user->found && !annotation && address.length)
		user->retry = key_without_tag(search, address);
}

/* The same by the Okta id, which the resolver compares exactly. */
static void set_id(struct search *search, struct sign_in_user *user)
{
	struct slice id = buffer_slice(&search->profile.id);
	bool valid = id.length > 0 && id.length <= LONGEST_ID;

	for (size_t i = 0; valid && i < id.length; i++)
		valid = (id.data[i] >= '0' && id.data[i] <= '9')
			|| (id.data[i] >= 'A' && id.data[i] <= 'Z')
			|| (id.data[i] >= 'a' && id.data[i] <= 'z');
	user->found = valid;
	user->key = valid ? hash_of(id) : 0;
	user->outcome = valid ? SIGNS_IN : id.length ? INVALID_ID : NO_ID;
}

/* The local part of the address is looked up as a name. */
static void check_name(struct search *search, struct sign_in_user *user)
{
	struct profile *profile = &search->profile;
	struct slice email = buffer_slice(profile->annotation.length
		? &profile->annotation : &profile->email);
	const char *at = email.length
		? memchr(email.data, '@', email.length) : NULL;
	struct catalog_row *row;
	size_t hint = 0;

	user->outcome = email.length ? OTHER_NAME : NO_VALUE;
	buffer_clear(&search->folded);
	buffer_add_string(&search->folded, "user:default/");
	email_fold(&search->folded, slice_of(email.data,
		at ? (size_t)(at - email.data) : email.length));
	row = catalog_find(search->catalog, buffer_slice(&search->folded),
		(unsigned)search->settings->parts, &hint);
	if (!row)
		return;
	user->other = (uint32_t)(row - search->catalog->rows);
	user->outcome = user->other == user->row ? SIGNS_IN : SOMEBODY;
}

static int by_key(const void *left, const void *right)
{
	const struct sign_in_user *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->found != b->found)
		return a->found ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static int by_row(const void *left, const void *right)
{
	const struct sign_in_user *a = left, *b = right;

	return (a->row > b->row) - (a->row < b->row);
}

/* Those found by one key, which stand together: a circle. */
static void set_sharers(struct sign_in_user *users, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		users[i].other = users[(i + 1) % count].row;
		users[i].sharers = (uint32_t)count;
		users[i].outcome = count > 1 ? SHARED : SIGNS_IN;
	}
}

/* The first of those found by the key, of users sorted by it; NULL: none. */
static const struct sign_in_user *find_key(const struct sign_in *sign_in,
	uint64_t key)
{
	size_t low = 0, high = sign_in->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sign_in->users[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return key && low < sign_in->count && sign_in->users[low].key == key
		&& sign_in->users[low].found ? &sign_in->users[low] : NULL;
}

/* Who is not found by the own value may be signed in as somebody else. */
static void find_somebody(const struct sign_in *sign_in,
	struct sign_in_user *user)
{
	const struct sign_in_user *other = find_key(sign_in, user->key);

	if (!other)
		other = find_key(sign_in, user->retry);
	if (!other || other->sharers != 1)
		return;
	user->outcome = SOMEBODY;
	user->other = other->row;
}

static void compare_keys(struct sign_in *sign_in)
{
	struct sign_in_user *users = sign_in->users;
	size_t end;

	sort_in_place(users, sign_in->count, sizeof *users, by_key);
	for (size_t i = 0; i < sign_in->count; i = end) {
		for (end = i + 1; users[i].found && end < sign_in->count
			&& users[end].found && users[end].key == users[i].key;)
			end++;
		if (users[i].found)
			set_sharers(users + i, end - i);
	}
	for (size_t i = 0; i < sign_in->count; i++)
		if (!users[i].found)
			find_somebody(sign_in, &users[i]);
	sort_in_place(users, sign_in->count, sizeof *users, by_row);
}

static void report(struct catalog *catalog)
{
	struct buffer reason = BUFFER_EMPTY;

	for (size_t i = 0; i < catalog->sign_in.count; i++) {
		const char *ref = sign_in_refused(catalog, i, &reason);

		catalog->sign_in.refused += ref != NULL;
		if (ref && message_enabled(MESSAGE_DEBUG))
			debug("%s could not sign in (%s): %s", ref,
				sign_in_names[catalog->sign_in.resolver],
				buffer_string(&reason));
	}
	buffer_free(&reason);
}

static void search_free(struct search *search)
{
	profile_free(&search->profile);
	buffer_free(&search->document);
	buffer_free(&search->folded);
}

bool sign_in_check(struct catalog *catalog, const struct settings *settings)
{
	struct search search = {.catalog = catalog, .settings = settings};
	struct sign_in *sign_in = &catalog->sign_in;
	bool good = true;

	if (settings->sign_in == SIGN_IN_NONE || !catalog->users)
		return true;
	sign_in->resolver = settings->sign_in;
	sign_in->users = memory_alloc(catalog->users * sizeof *sign_in->users);
	for (size_t i = 0; good && i < catalog->count; i++) {
		struct sign_in_user *user = &sign_in->users[sign_in->count];

		if (catalog->rows[i].kind != ENTITY_USER)
			continue;
		sign_in->count++;
		user->row = (uint32_t)i;
		good = profile_read_row(&search.profile, catalog,
			&catalog->rows[i], &search.document);
		if (settings->sign_in == SIGN_IN_USER_ID)
			set_id(&search, user);
		else if (settings->sign_in == SIGN_IN_EMAIL_LOCAL_PART)
			check_name(&search, user);
		else
			set_address(&search, user);
	}
	if (good && settings->sign_in != SIGN_IN_EMAIL_LOCAL_PART)
		compare_keys(sign_in);
	if (good)
		report(catalog);
	search_free(&search);
	return good;
}

static void add_sharers(const struct catalog *catalog,
	const struct sign_in_user *user, struct buffer *reason)
{
	const struct sign_in *sign_in = &catalog->sign_in;
	uint32_t others = user->sharers - 1, named = 0;

	buffer_add_string(reason, "shared with ");
	for (const struct sign_in_user *other = user; named < NAMED
		&& named < others; named++) {
		struct sign_in_user wanted = {.row = other->other};

		other = bsearch(&wanted, sign_in->users, sign_in->count,
			sizeof wanted, by_row);
		buffer_add_format(reason, "%s%s", named ? ", " : "",
			catalog->rows[other->row].ref);
	}
	if (others > named)
		buffer_add_format(reason, " and %u more", others - named);
}

const char *sign_in_refused(const struct catalog *catalog, size_t number,
	struct buffer *reason)
{
	const struct sign_in_user *user = &catalog->sign_in.users[number];

	buffer_clear(reason);
	switch ((enum outcome)user->outcome) {
	case SIGNS_IN:
		return NULL;
	case NO_VALUE:
		buffer_add_string(reason, "no e-mail");
		break;
	case NO_ID:
		buffer_add_string(reason, "no Okta id");
		break;
	case INVALID_ID:
		buffer_add_format(reason, "Okta id is not 1 to %d letters and "
			"digits", LONGEST_ID);
		break;
	case NOT_LOOKED_UP:
		buffer_add_string(reason, "e-mail with a comma, blanks at its "
			"ends, a control character or one beyond U+FFFF, which "
			"Backstage does not find");
		break;
	case TOO_LONG:
		buffer_add_format(reason, "e-mail of more than %d characters, "
			"which Backstage does not find", LONGEST);
		break;
	case SHARED:
		add_sharers(catalog, user, reason);
		break;
	case OTHER_NAME:
		buffer_add_string(reason, "name is not the local part");
		break;
	case SOMEBODY:
		buffer_add_format(reason, "would sign in as %s",
			catalog->rows[user->other].ref);
	}
	return catalog->rows[user->row].ref;
}

void sign_in_free(struct sign_in *sign_in)
{
	free(sign_in->users);
}
