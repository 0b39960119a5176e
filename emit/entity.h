/*
 * One entity: what the catalog must know of it, read from its JSON while Backstage's rules are checked.
 */
#ifndef ENTITY_H
#define ENTITY_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

enum entity_kind { ENTITY_USER, ENTITY_GROUP, ENTITY_OTHER };

struct entity {
	enum entity_kind kind;
	struct buffer ref;      /* kind:namespace/name in lower case; empty: cannot be told */
	struct buffer okta_id;  /* of annotation okta.com/user-id or group-id; may be empty */
	unsigned long members;  /* membership relations that it states */
	struct buffer wrong;    /* what Backstage would refuse, "metadata.name: ..."; empty: nothing */
	/* Called with every full ref that the entity holds; may be NULL. */
	void (*refers)(void *owner, struct slice ref);
	void *owner;
};

/* Reads one whole JSON object; the struct is used again and again, entity_free in the end. */
void entity_read(struct entity *entity, struct slice json);

void entity_free(struct entity *entity);

#endif
