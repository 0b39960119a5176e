/*
 * Entities without their refs to others that are not published.
 */
#ifndef DROP_REFS_H
#define DROP_REFS_H

#include <stddef.h>

#include "buffer.h"
#include "hash_set.h"
#include "slice.h"

/*
 * Appends the entity (whole JSON, full ref self) without the refs in its spec that are in the set. A ref that its kind
 * cannot be without stays. Gives the number of refs dropped.
 */
size_t drop_refs(struct slice json, struct slice self, const struct hash_set *refs, struct buffer *without);

#endif
