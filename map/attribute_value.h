/*
 * JSON values as text.
 */
#ifndef ATTRIBUTE_VALUE_H
#define ATTRIBUTE_VALUE_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/* Appends a JSON number as JavaScript prints it: 1.0 as 1, 1e21 as 1e+21, 9007199254740993 as 9007199254740992. */
void attribute_value_add_number(struct buffer *text, struct slice number);

/*
 * Appends a name, which must be a string or a number (as JavaScript prints it); false for anything else, and for
 * what is absent or empty.
 */
bool attribute_value_add_name(struct buffer *text, struct slice value);

/* The same for what is only compared with others: whole numbers keep all their digits. */
bool attribute_value_add_key(struct buffer *text, struct slice value);

/*
 * Appends any value as JavaScript's String() gives it: arrays joined with commas, null in them as nothing. Only what that would
 * spoil is different: whole numbers keep all their digits, objects are their JSON. False, with nothing added, for null and
 * what is absent.
 */
bool attribute_value_add_text(struct buffer *text, struct slice value);

#endif
