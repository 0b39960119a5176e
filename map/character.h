/*
 * Code points as JavaScript treats them, for rules that were written in it.
 */
#ifndef CHARACTER_H
#define CHARACTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "character_tables.h"
#include "slice.h"

struct code_points {
	int32_t *at; /* free() it */
	size_t count, capacity;
};

/* The code points of UTF-8 text. */
struct code_points code_points_of(struct slice text);

/* Normalization form C of Unicode, as JavaScript's normalize() gives it. */
void code_points_compose(struct code_points *points);

/* The replacement that a table has, or NULL. */
const char *character_find(const struct character_text *table, size_t count, int32_t c);

/* \s of a JavaScript regular expression. */
bool character_is_space(int32_t c);

#endif
