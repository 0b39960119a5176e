/*
 * What the naming rules know of characters, sorted by code point; character_tables.c is written by
 * make_tables.py.
 */
#ifndef CHARACTER_TABLES_H
#define CHARACTER_TABLES_H

#include <stddef.h>
#include <stdint.h>

struct character_text {
	uint16_t code;
	const char *text; /* UTF-8 */
};

struct character_pair {
	uint16_t code, other;
};

struct character_composition {
	uint16_t base, mark, composed;
};

extern const struct character_text slugify_table[], deburr_table[];
extern const struct character_pair lower_table[];
extern const struct character_composition composition_table[];
extern const size_t slugify_count, deburr_count, lower_count, composition_count;

#endif
