/*
 * Different strings to dense numbers 0, 1, 2, ...
 */
#ifndef STRING_TABLE_H
#define STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "slice.h"

struct string_table {
	struct arena arena; /* a zeroed struct is an empty table */
	const char **strings; /* by number */
	uint32_t count, capacity;
	uint32_t *slots;      /* number + 1; 0: empty */
	size_t size;
};

/* The string's number, a new one when it was not there. */
uint32_t string_table_number(struct string_table *table, struct slice string);

/* The same, but UINT32_MAX when it was not there. */
uint32_t string_table_find(const struct string_table *table, struct slice string);

void string_table_free(struct string_table *table);

#endif
