/*
 * JSON lets a key come twice in an object; YAML readers refuse the whole file for it.
 */
#ifndef DUPLICATE_KEY_H
#define DUPLICATE_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

/* Keys of the objects that are open, the innermost last; raw, as json_next_member gives them. Begin with zeroes. */
struct key_list {
	struct slice *items;
	size_t count, capacity;
};

void key_list_add(struct key_list *keys, struct slice key);

/* Takes the keys from first on off the list: is one of them there twice (escapes decoded)? */
bool key_list_has_duplicate(struct key_list *keys, size_t first);

void key_list_free(struct key_list *keys);

/* Does any object in the value, which is whole JSON, have a key twice (escapes decoded)? */
bool json_has_duplicate_key(struct slice json);

#endif
