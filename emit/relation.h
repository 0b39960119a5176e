/*
 * Membership relations: who is in which group, whichever side states it.
 */
#ifndef RELATION_H
#define RELATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

/* The namespace of a full ref: what a ref that an entity holds means without one. */
struct slice relation_namespace(struct slice full);

/* The relation that an entity states, by the hashes of its full ref and of the other's. */
uint64_t relation_of(bool self_is_user, uint64_t self, uint64_t other);

/*
 * The relations of a document in block YAML, as this program writes it, read off its lines. Gives their number; found
 * is called with each, unless it is NULL.
 */
size_t relations_in_yaml(struct slice document, struct slice self, void (*found)(void *owner, uint64_t relation), void *owner);

#endif
