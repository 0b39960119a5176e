/*
 * Scalars by the core schema of YAML 1.2 (section 10.3.2).
 */
#ifndef CORE_SCHEMA_H
#define CORE_SCHEMA_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/*
 * Appends a scalar's JSON. plain: it stood without quotes, so it may be a number, truth value or null. tag: written
 * in the document, or NULL. NULL, or what is wrong with it (JSON has no such value).
 */
const char *core_schema_add(struct buffer *json, struct slice text, bool plain, const char *tag);

#endif
