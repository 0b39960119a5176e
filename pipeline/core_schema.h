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

/*
 * Appends a key's JSON, which is always a string. Backstage's reader makes "1" of the key 0x1: a key that it would spell in
 * another way than it is written is refused.
 */
const char *core_schema_add_key(struct buffer *json, struct slice text, bool plain);

#endif
