#include "string_table.h"

#include <stdlib.h>

#include "memory.h"

enum { FIRST_SIZE = 1024 };

/* FNV-1a, 64 bits. */
static uint64_t hash(struct slice string)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < string.length; i++)
		value = (value ^ (unsigned char)string.data[i]) * UINT64_C(0x100000001b3);
	return value ^ value >> 29;
}

static size_t slot_of(const struct string_table *table, struct slice string)
{
	size_t i = hash(string) & (table->size - 1);

	while (table->slots[i] && !slice_equals(string, table->strings[table->slots[i] - 1]))
		i = (i + 1) & (table->size - 1);
	return i;
}

static void grow(struct string_table *table)
{
	free(table->slots);
	table->size = table->size ? table->size * 2 : FIRST_SIZE;
	table->slots = memory_alloc(table->size * sizeof *table->slots);
	for (uint32_t n = 0; n < table->count; n++)
		table->slots[slot_of(table, slice_of_string(table->strings[n]))] = n + 1;
}

uint32_t string_table_number(struct string_table *table, struct slice string)
{
	size_t slot;

	if (table->count >= table->size / 4 * 3)
		grow(table);
	slot = slot_of(table, string);
	if (table->slots[slot])
		return table->slots[slot] - 1;
	if (table->count == table->capacity) {
		table->capacity = table->capacity ? table->capacity * 2 : FIRST_SIZE;
		table->strings = memory_resize(table->strings, table->capacity, sizeof *table->strings);
	}
	table->strings[table->count] = arena_copy(&table->arena, string);
	table->slots[slot] = ++table->count;
	return table->count - 1;
}

uint32_t string_table_find(const struct string_table *table, struct slice string)
{
	size_t slot;

	if (!table->size)
		return UINT32_MAX;
	slot = slot_of(table, string);
	return table->slots[slot] ? table->slots[slot] - 1 : UINT32_MAX;
}

void string_table_free(struct string_table *table)
{
	arena_free(&table->arena);
	free(table->strings);
	free(table->slots);
}
