#include "seen.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "memory.h"

enum { ID_LENGTH = 20, FIRST_SIZE = 1024 };

/* 1 to 62; 0: none of Okta's characters. */
static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') + 1;
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 11;
	return c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A') + 37 : 0;
}

/*
 * The two halves of an id as numbers to base 62 (62^10 < 2^60), so different ids have different keys. Other
 * strings are told apart by 128 bits of their SHA-256, with a bit set that no id of Okta's has.
 */
static struct seen_key key_of(struct slice id)
{
	struct seen_key key = {0, 0};
	unsigned char hash[EVP_MAX_MD_SIZE];
	size_t i = 0;

	for (; id.length == ID_LENGTH && i < ID_LENGTH && digit(id.data[i]); i++) {
		uint64_t *half = i < ID_LENGTH / 2 ? &key.high : &key.low;

		*half = *half * 62 + digit(id.data[i]) - 1;
	}
	if (i == ID_LENGTH) {
		key.low |= (uint64_t)1 << 62; /* no key is empty */
		return key;
	}
	EVP_Digest(id.data ? id.data : "", id.length, hash, NULL, EVP_sha256(), NULL);
	memcpy(&key.high, hash, sizeof key.high);
	memcpy(&key.low, hash + sizeof key.high, sizeof key.low);
	key.high |= (uint64_t)1 << 63;
	return key;
}

static size_t find(const struct seen *seen, struct seen_key key)
{
	size_t i = (size_t)((key.high ^ key.low) * UINT64_C(0x9e3779b97f4a7c15) >> 20) % seen->size;

	while ((seen->slots[i].high || seen->slots[i].low)
		&& (seen->slots[i].high != key.high || seen->slots[i].low != key.low))
		i = i + 1 == seen->size ? 0 : i + 1;
	return i;
}

static void grow(struct seen *seen)
{
	struct seen old = *seen;

	seen->size = old.size ? old.size + old.size / 2 : FIRST_SIZE;
	seen->slots = memory_alloc(seen->size * sizeof *seen->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].high || old.slots[i].low)
			seen->slots[find(seen, old.slots[i])] = old.slots[i];
	free(old.slots);
}

bool seen_add(struct seen *seen, struct slice id)
{
	struct seen_key key = key_of(id);
	size_t i;

	if (seen->count >= seen->size / 8 * 7)
		grow(seen);
	i = find(seen, key);
	if (seen->slots[i].high || seen->slots[i].low)
		return false;
	seen->slots[i] = key;
	seen->count++;
	return true;
}

bool seen_has(const struct seen *seen, struct slice id)
{
	struct seen_key key = key_of(id);
	size_t i;

	if (!seen->size)
		return false;
	i = find(seen, key);
	return seen->slots[i].high || seen->slots[i].low;
}

void seen_free(struct seen *seen)
{
	free(seen->slots);
	*seen = (struct seen){NULL, 0, 0};
}
