/*
 * One entity: what the catalog must know of it, read from its JSON while Backstage's rules are checked.
 */
#ifndef ENTITY_H
#define ENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "duplicate_key.h"
#include "json_cursor.h"
#include "slice.h"

enum entity_kind { ENTITY_USER, ENTITY_GROUP, ENTITY_OTHER };

struct hash_list {
	uint64_t *values;
	size_t count, capacity;
};

struct entity {
	enum entity_kind kind;
	struct buffer ref;      /* kind:namespace/name in lower case; empty: cannot be told */
	/*
	 * Of annotation okta.com/user-id or group-id; may be empty. A line feed
	 * is a blank.
	 */
	struct buffer okta_id;
	struct buffer email;    /* of a user's annotation okta.com/email; may be empty */
	struct buffer wrong;    /* what Backstage would refuse, "metadata.name: ..."; empty: nothing */
	struct hash_list refs;      /* hash_of() every full ref that it holds */
	struct hash_list relations; /* relation_of() (relation.h) every membership that it states */
	struct buffer scratch[7];   /* entity.c's, as are the keys */
	struct key_list keys;
};

/*
 * Reads one JSON object, where the cursor stands, and moves the cursor behind it; the struct is used again and again
 * (begin with zeroes), entity_free in the end. When the cursor has an error, nothing in it is good.
 */
void entity_read(struct entity *entity, struct json_cursor *cursor);

/* The same for JSON that is known to be whole. */
void entity_read_text(struct entity *entity, struct slice json);

/* Is a full ref that of a user, of a group? */
enum entity_kind entity_kind_of(struct slice ref);

void entity_free(struct entity *entity);

#endif
