/*
 * JSON lets a key come twice in an object; YAML readers refuse the whole file for it.
 */
#ifndef DUPLICATE_KEY_H
#define DUPLICATE_KEY_H

#include <stdbool.h>

#include "slice.h"

/* Does any object in the value, which is whole JSON, have a key twice (escapes decoded)? */
bool json_has_duplicate_key(struct slice json);

#endif
