/*
 * Entity refs, [kind:][namespace/]name, compared without case (Backstage catalog-model, entity/ref).
 */
#ifndef ENTITY_REF_H
#define ENTITY_REF_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/*
 * Appends a ref in full, kind:namespace/name, in lower case (ASCII). kind and name_space serve where the ref has none.
 * False, with nothing appended, when the ref is malformed: a part of it is empty.
 */
bool entity_ref_add_full(struct buffer *full, struct slice ref, const char *kind, struct slice name_space);

/* Is it what entity_ref_add_full makes of it? */
bool entity_ref_is_full(struct slice ref);

/* Appends kind:namespace/name in lower case. */
void entity_ref_add(struct buffer *full, struct slice kind, struct slice name_space, struct slice name);

#endif
