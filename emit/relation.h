/*
 * Membership relations: who is in which group, whichever side states it.
 */
#ifndef RELATION_H
#define RELATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "slice.h"

/* The namespace of a full ref: what a ref that an entity holds means without one. */
struct slice relation_namespace(struct slice full);

/*
 * The hash of the relation that an entity (full ref, a user's or a group's) states by a ref in its memberOf or members.
 * full is scratch and holds the other's full ref afterwards. False when the ref is malformed.
 */
bool relation_of(struct slice self, struct slice ref, struct buffer *full, uint64_t *relation);

/*
 * The relations of a document in block YAML, as this program writes it, read off its lines. Gives their number; found
 * is called with each, unless it is NULL.
 */
size_t relations_in_yaml(struct slice document, struct slice self, void (*found)(void *owner, uint64_t relation), void *owner);

#endif
