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

/* The bits of a slot that are no part of the key: "added" and the lanes. 62^10 < 2^60 leaves four free in each half. */
static const uint64_t added = (uint64_t)1 << 60;
static const uint64_t flags_high = (uint64_t)7 << 60, flags_low = (uint64_t)3 << 60;

/* A lane's bit: two in each half. */
static struct seen_key lane_bit(unsigned lane)
{
	struct seen_key bit = {0, 0};

	if (lane < 2)
		bit.high = (uint64_t)1 << (61 + lane);
	else
		bit.low = (uint64_t)1 << (60 + lane - 2);
	return bit;
}

/*
 * The two halves of an id as numbers to base 62 (62^10 < 2^60), so different ids have different keys. Other
 * strings are told apart by 120 bits of their SHA-256, with a bit set that no id of Okta's has.
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
	if (i < ID_LENGTH || id.length != ID_LENGTH) {
		EVP_Digest(id.data ? id.data : "", id.length, hash, NULL, EVP_sha256(), NULL);
		memcpy(&key.high, hash, sizeof key.high);
		memcpy(&key.low, hash + sizeof key.high, sizeof key.low);
		key.high = (key.high & ~flags_high) | (uint64_t)1 << 63;
		key.low &= ~flags_low;
	}
	key.low |= (uint64_t)1 << 62; /* no key is empty */
	return key;
}

static bool is_empty(struct seen_key slot)
{
	return !slot.high && !slot.low;
}

/* The slot of a key, or the empty one where it belongs. */
static struct seen_key *find(const struct seen *seen, struct seen_key key)
{
	size_t i = (size_t)((key.high ^ key.low) * UINT64_C(0x9e3779b97f4a7c15) >> 20) % seen->size;

	while (!is_empty(seen->slots[i])
		&& ((seen->slots[i].high & ~flags_high) != key.high || (seen->slots[i].low & ~flags_low) != key.low))
		i = i + 1 == seen->size ? 0 : i + 1;
	return &seen->slots[i];
}

static struct seen_key without_flags(struct seen_key slot)
{
	return (struct seen_key){slot.high & ~flags_high, slot.low & ~flags_low};
}

static void grow(struct seen *seen)
{
	struct seen old = *seen;

	seen->size = old.size ? old.size + old.size / 2 : FIRST_SIZE;
	seen->slots = memory_alloc(seen->size * sizeof *seen->slots);
	for (size_t i = 0; i < old.size; i++)
		if (!is_empty(old.slots[i]))
			*find(seen, without_flags(old.slots[i])) = old.slots[i];
	free(old.slots);
}

/* Sets the bits in the slot of a key, which is made when there is none; false when they were set. */
static bool set(struct seen *seen, struct seen_key key, struct seen_key bits)
{
	struct seen_key *slot;

	if (seen->used >= seen->size / 8 * 7)
		grow(seen);
	slot = find(seen, key);
	if (is_empty(*slot)) {
		*slot = key;
		seen->used++;
	}
	if (slot->high & bits.high || slot->low & bits.low)
		return false;
	slot->high |= bits.high;
	slot->low |= bits.low;
	return true;
}

bool seen_add(struct seen *seen, struct slice id)
{
	bool is_new = set(seen, key_of(id), (struct seen_key){added, 0});

	seen->count += is_new;
	return is_new;
}

bool seen_has(const struct seen *seen, struct slice id)
{
	return seen->size && find(seen, key_of(id))->high & added;
}

bool seen_mark(struct seen *seen, unsigned lane, struct slice id)
{
	return set(seen, key_of(id), lane_bit(lane));
}

void seen_mark_all(struct seen *seen, unsigned lane, const struct seen *other)
{
	for (size_t i = 0; i < other->size; i++)
		if (!is_empty(other->slots[i]))
			set(seen, without_flags(other->slots[i]), lane_bit(lane));
}

void seen_clear_lane(struct seen *seen, unsigned lane)
{
	struct seen_key bit = lane_bit(lane);

	for (size_t i = 0; i < seen->size; i++) {
		seen->slots[i].high &= ~bit.high;
		seen->slots[i].low &= ~bit.low;
	}
}

void seen_free(struct seen *seen)
{
	free(seen->slots);
	*seen = (struct seen){0};
}
