#include "id_table.h"

#include <stdbool.h>
#include <stdlib.h>

#include "early.h"
#include "exit_status.h"
#include "memory.h"
#include "message.h"

enum { FIRST_BITS = 10, MOST_BITS = 31, FIRST_CELLS = 1024, INLINE_LENGTH = 23, LONG = 255, AHEAD = 32 };

struct id_cell {
	uint8_t length;            /* LONG: bytes holds a pointer into the arena and a size_t instead */
	char bytes[INLINE_LENGTH];
};

static inline uint64_t word_at(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

uint64_t id_hash(struct slice bytes)
{
	uint64_t hash = bytes.length * UINT64_C(0x9e3779b97f4a7c15), word = 0;
	size_t i = 0;

	for (; i + 8 <= bytes.length; i += 8) {
		hash = (hash ^ word_at(bytes.data + i)) * UINT64_C(0xd6e8feb86659fd93);
		hash ^= hash >> 32;
	}
	/* The last word may hold bytes of the one before again: that takes no call. */
	if (bytes.length >= 8)
		word = word_at(bytes.data + bytes.length - 8);
	else if (bytes.length)
		memcpy(&word, bytes.data, bytes.length);
	hash = (hash ^ word) * UINT64_C(0xd6e8feb86659fd93);
	return hash ^ hash >> 32;
}

struct slice id_table_id(const struct id_table *table, uint32_t number)
{
	const struct id_cell *cell = &table->cells[number];
	const char *data;
	size_t length;

	if (cell->length != LONG)
		return slice_of(cell->bytes, cell->length);
	memcpy(&data, cell->bytes, sizeof data);
	memcpy(&length, cell->bytes + sizeof data, sizeof length);
	return slice_of(data, length);
}

void id_table_early(const struct id_table *table, uint32_t number)
{
	early(&table->cells[number]);
}

/* slice_same, in words: most ids have twenty letters. */
static inline bool is_same(struct slice a, struct slice b)
{
	size_t i = 0;

	if (a.length != b.length || a.length < 8)
		return slice_same(a, b);
	for (; i + 8 < a.length; i += 8)
		if (word_at(a.data + i) != word_at(b.data + i))
			return false;
	return word_at(a.data + a.length - 8) == word_at(b.data + a.length - 8);
}

static size_t size_of(const struct id_table *table)
{
	return table->bits ? (size_t)1 << table->bits : 0;
}

/* What stands above the number in the slots of ids with this hash: it tells nearly all others apart. */
static uint32_t tag_of(const struct id_table *table, uint64_t hash)
{
	return (uint32_t)(hash >> 32) & ~(uint32_t)(size_of(table) - 1);
}

static bool has_tag(const struct id_table *table, uint32_t slot, uint32_t tag)
{
	return (slot & ~(uint32_t)(size_of(table) - 1)) == tag;
}

static uint32_t number_in(const struct id_table *table, uint32_t slot)
{
	return (slot & (uint32_t)(size_of(table) - 1)) - 1;
}

static size_t slot_of(const struct id_table *table, struct slice id, uint64_t hash)
{
	size_t last = size_of(table) - 1, i = hash & last;
	uint32_t tag = tag_of(table, hash);

	for (; table->slots[i]; i = (i + 1) & last)
		if (has_tag(table, table->slots[i], tag) && is_same(id, id_table_id(table, number_in(table, table->slots[i]))))
			break;
	return i;
}

uint32_t id_table_find(const struct id_table *table, struct slice id)
{
	uint32_t slot =
		table->bits ? table->slots[slot_of(table, id, id_hash(id))] : 0;

	return slot ? number_in(table, slot) : UINT32_MAX;
}

static void grow_slots(struct id_table *table)
{
	uint64_t hashes[AHEAD] = {0};

	free(table->slots);
	table->bits = table->bits ? table->bits + 1 : FIRST_BITS;
	if (table->bits > MOST_BITS)
		exit(fail(STATUS_INTERNAL, "more ids than this program can hold"));
	table->slots = memory_alloc(size_of(table) * sizeof *table->slots);
	for (uint32_t n = 0; n < table->count + AHEAD; n++) {
		uint64_t hash = hashes[n % AHEAD];
		size_t last = size_of(table) - 1, i = hash & last;

		if (n < table->count) {
			hashes[n % AHEAD] = id_hash(id_table_id(table, n));
			id_table_expect(table, hashes[n % AHEAD]);
		}
		if (n < AHEAD)
			continue;
		while (table->slots[i])
			i = (i + 1) & last;
		table->slots[i] = tag_of(table, hash) | (n - AHEAD + 1);
	}
}

static void store(struct id_table *table, struct slice id)
{
	struct id_cell *cell;

	if (table->count == table->capacity) {
		table->capacity = table->capacity ? table->capacity * 2 : FIRST_CELLS;
		table->cells = memory_resize(table->cells, table->capacity, sizeof *table->cells);
	}
	cell = &table->cells[table->count++];
	if (id.length <= INLINE_LENGTH) {
		cell->length = (uint8_t)id.length;
		if (id.length)
			memcpy(cell->bytes, id.data, id.length);
	} else {
		const char *data = arena_copy(&table->arena, id);

		cell->length = LONG;
		memcpy(cell->bytes, &data, sizeof data);
		memcpy(cell->bytes + sizeof data, &id.length, sizeof id.length);
	}
}

void id_table_expect(const struct id_table *table, uint64_t hash)
{
	if (table->bits)
		early(&table->slots[hash & (size_of(table) - 1)]);
}

uint32_t id_table_expect_id(const struct id_table *table, uint64_t hash)
{
	size_t last = size_of(table) - 1, i = hash & last;
	uint32_t tag = tag_of(table, hash);

	for (; table->bits && table->slots[i]; i = (i + 1) & last)
		if (has_tag(table, table->slots[i], tag)) {
			uint32_t number = number_in(table, table->slots[i]);

			early(&table->cells[number]);
			return number;
		}
	return UINT32_MAX;
}

uint32_t id_table_number(struct id_table *table, struct slice id)
{
	return id_table_number_hashed(table, id, id_hash(id));
}

uint32_t id_table_number_hashed(struct id_table *table, struct slice id, uint64_t hash)
{
	size_t slot;

	if (table->count >= size_of(table) / 16 * 13)
		grow_slots(table);
	slot = slot_of(table, id, hash);
	if (!table->slots[slot]) {
		store(table, id);
		table->slots[slot] = tag_of(table, hash) | table->count;
	}
	return number_in(table, table->slots[slot]);
}

void id_table_close(struct id_table *table)
{
	free(table->slots);
	table->slots = NULL;
	table->bits = 0;
}

void id_table_free(struct id_table *table)
{
	id_table_close(table);
	free(table->cells);
	arena_free(&table->arena);
}
