#include "name_claims.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <strings.h>

#include "entity_name.h"
#include "memory.h"
#include "message.h"

enum { SUFFIX_LETTERS = 8, SUFFIX_MOST = 24 };

static int compare_age(const struct party *a, const struct party *b)
{
	int order = strcmp(a->created ? a->created : "~", b->created ? b->created : "~");

	return order ? order : strcmp(a->id, b->id);
}

static int by_base_and_age(const void *left, const void *right)
{
	const struct party *a = *(struct party *const *)left, *b = *(struct party *const *)right;
	int order = strcasecmp(a->base_name, b->base_name);

	return order ? order : compare_age(a, b);
}

static bool is_login(const struct party *user)
{
	return user->login && strcasecmp(user->login, user->email) == 0;
}

static int by_email_login_and_age(const void *left, const void *right)
{
	const struct party *a = *(struct party *const *)left, *b = *(struct party *const *)right;
	int order = strcasecmp(a->email, b->email);

	if (!order)
		order = is_login(b) - is_login(a);
	return order ? order : compare_age(a, b);
}

/* RFC 4648 base32, lower case, of SHA-256. */
static void hash_letters(const char *id, char letters[SUFFIX_MOST + 1])
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned bits = 0, have = 0;
	size_t next = 0;

	EVP_Digest(id, strlen(id), hash, NULL, EVP_sha256(), NULL);
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

static const char *add_suffix(struct arena *arena, const struct party *party, size_t letters)
{
	struct buffer name = BUFFER_EMPTY;
	char suffix[SUFFIX_MOST + 1];
	const char *copy;

	hash_letters(party->id, suffix);
	entity_name_repair(&name, slice_of_string(party->base_name), ENTITY_NAME_MAX - 1 - letters);
	buffer_add_byte(&name, '-');
	buffer_add(&name, suffix, letters);
	copy = arena_copy(arena, slice_of(name.data, name.length));
	buffer_free(&name);
	return copy;
}

static struct slice lower(struct buffer *text, const char *name)
{
	buffer_clear(text);
	for (; *name; name++)
		buffer_add_byte(text, (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name));
	return slice_of(text->data, text->length);
}

/* Those who claim a name that an older one has get a suffix; longer than usual where that name is taken, too. */
static void settle_rest(struct directory *directory, struct party **claims, uint32_t count, struct string_table *taken, const char *what)
{
	struct buffer text = BUFFER_EMPTY;
	const struct party *holder = NULL;

	for (uint32_t i = 0; i < count; i++) {
		size_t letters = SUFFIX_LETTERS;

		if (claims[i]->name) {
			holder = claims[i];
			continue;
		}
		do
			claims[i]->name = add_suffix(&directory->arena, claims[i], letters++);
		while (string_table_find(taken, lower(&text, claims[i]->name)) != UINT32_MAX && letters < SUFFIX_MOST);
		string_table_number(taken, lower(&text, claims[i]->name));
		warn("%s %s is named %s: %s %s has the name %s already", what, claims[i]->id, claims[i]->name, what,
			holder ? holder->id : "?", claims[i]->base_name);
	}
	buffer_free(&text);
}

static struct party **with_record(struct parties *parties, uint32_t *count)
{
	struct party **all = memory_alloc((parties->count + 1) * sizeof(struct party *));

	*count = 0;
	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties_has(parties, i))
			all[(*count)++] = &parties->at[i];
	return all;
}

void name_claims_settle(struct directory *directory, struct parties *parties, const char *what)
{
	uint32_t count;
	struct party **claims = with_record(parties, &count);
	struct string_table taken = {0};
	struct buffer text = BUFFER_EMPTY;

	qsort(claims, count, sizeof(struct party *), by_base_and_age);
	for (uint32_t i = 0; i < count; i++)
		if (i == 0 || strcasecmp(claims[i]->base_name, claims[i - 1]->base_name) != 0) {
			claims[i]->name = claims[i]->base_name;
			string_table_number(&taken, lower(&text, claims[i]->name));
		}
	settle_rest(directory, claims, count, &taken, what);
	string_table_free(&taken);
	buffer_free(&text);
	free(claims);
}

void email_claims_settle(struct directory *directory)
{
	uint32_t count, used = 0;
	struct party **all = with_record(&directory->users, &count);

	for (uint32_t i = 0; i < count; i++)
		if (all[i]->email)
			all[used++] = all[i];
	qsort(all, used, sizeof(struct party *), by_email_login_and_age);
	for (uint32_t i = 0, holder = 0; i < used; i++) {
		all[i]->carries_email = i == 0 || strcasecmp(all[i]->email, all[holder]->email) != 0;
		if (all[i]->carries_email)
			holder = i;
		else
			warn("user %s shares the e-mail %s with user %s, who alone carries it: two would block the sign-in",
				all[i]->id, all[i]->email, all[holder]->id);
	}
	free(all);
}
