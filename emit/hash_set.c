#include "hash_set.h"

#include <stdlib.h>

#include "memory.h"

enum { FIRST_SIZE = 1024 };
static const uint64_t removed = 1; /* what stands in the slot of a hash that was taken out */

/* Neither of the two values that a slot needs for itself. */
static uint64_t usable(uint64_t hash)
{
	return hash < 2 ? hash + 2 : hash;
}

static uint64_t mix(uint64_t value)
{
	value *= UINT64_C(0xd6e8feb86659fd93);
	return value ^ value >> 32;
}

/* Eight bytes at a time; each step can be undone, so nothing is lost on the way. */
uint64_t hash_of(struct slice string)
{
	uint64_t value = mix(string.length + UINT64_C(0x9e3779b97f4a7c15)), word;
	size_t i = 0;

	for (; i + sizeof word <= string.length; i += sizeof word) {
		memcpy(&word, string.data + i, sizeof word);
		value = mix(value ^ word);
	}
	word = 0;
	if (i < string.length)
		memcpy(&word, string.data + i, string.length - i);
	return mix(mix(value ^ word));
}

uint64_t hash_pair(uint64_t first, uint64_t second)
{
	return mix(mix(first) ^ second);
}

/* The slot of the hash, or the empty one where it would stand. */
static size_t slot_of(const struct hash_set *set, uint64_t hash)
{
	size_t i = hash & (set->size - 1);

	while (set->slots[i] && set->slots[i] != hash)
		i = (i + 1) & (set->size - 1);
	return i;
}

static void grow(struct hash_set *set)
{
	struct hash_set bigger = {0};

	bigger.size = set->size ? set->size * (set->count > set->size / 2 ? 2 : 1) : FIRST_SIZE;
	bigger.slots = memory_alloc(bigger.size * sizeof *bigger.slots);
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i] > removed)
			bigger.slots[slot_of(&bigger, set->slots[i])] = set->slots[i];
	bigger.count = bigger.used = set->count;
	free(set->slots);
	*set = bigger;
}

void hash_set_add(struct hash_set *set, uint64_t hash)
{
	size_t slot;

	hash = usable(hash);
	if (set->used >= set->size / 4 * 3)
		grow(set);
	slot = slot_of(set, hash);
	if (set->slots[slot])
		return;
	set->slots[slot] = hash;
	set->used++;
	set->count++;
}

bool hash_set_has(const struct hash_set *set, uint64_t hash)
{
	return set->count && set->slots[slot_of(set, usable(hash))];
}

void hash_set_remove(struct hash_set *set, uint64_t hash)
{
	size_t slot;

	if (!set->count)
		return;
	slot = slot_of(set, usable(hash));
	if (!set->slots[slot])
		return;
	set->slots[slot] = removed;
	set->count--;
}

void hash_set_free(struct hash_set *set)
{
	free(set->slots);
	*set = (struct hash_set){0};
}
