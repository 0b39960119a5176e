/*
 * lodash's kebabCase, exactly: the names that RoadieHQ's provider gives are made with it.
 */
#ifndef KEBAB_CASE_H
#define KEBAB_CASE_H

#include "buffer.h"
#include "slice.h"

/* Appends kebabCase(text). It may come out empty, or as no valid name. */
void kebab_case_add(struct buffer *name, struct slice text);

#endif
