/*
 * Names that somebody may have meant.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

#include "buffer.h"

/*
 * Appends up to three of the names, quoted and joined with commas, that are nearest to name by edit distance (case
 * does not count); nothing when none is near.
 */
void nearest_add(struct buffer *text, const char *name, char *const *names, size_t count);

#endif
