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

/* What a character is made of: one or two (then not 0) others, which may be made of others again. */
struct character_decomposition {
	int32_t code, first, second;
};

struct character_composition {
	int32_t base, mark, composed;
};

/* The canonical combining class of a mark; 0 for all that are not in the table. */
struct character_class {
	int32_t code, class;
};

extern const struct character_text slugify_table[], deburr_table[];
extern const struct character_decomposition decomposition_table[];
extern const struct character_composition composition_table[];
extern const struct character_class class_table[];
extern const size_t slugify_count, deburr_count;
extern const size_t decomposition_count, composition_count, class_count;

#endif
