/*
 * A block of entities, each read and judged by Backstage's rules: the part of reading that looks at one line only, so that several blocks
 * can be judged at once (crew.h).
 */
#ifndef JUDGED_H
#define JUDGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entity.h"
#include "records.h"
#include "slice.h"
#include "split.h"

struct judged_line {
	struct slice text;
	bool is_judged;               /* an entity, by its first bytes; or judged_read_line was called */
	struct json_cursor cursor;    /* behind the line's object, or at its error: nothing else is good then */
	enum entity_kind kind;
	uint16_t part;                /* of a split catalog */
	uint64_t email;               /* emails_hash() */
	size_t start, ref_length, okta_id_length, wrong_length, stored_length; /* behind one another in bytes */
	size_t first_ref, ref_count;  /* in refs */
};

/* An entity as the catalog takes it; slices until the block is used again. */
struct judged {
	enum entity_kind kind;
	uint16_t part;
	struct slice ref, okta_id, wrong; /* as in struct entity */
	struct slice stored;              /* what the spool takes */
	uint64_t email;
	const uint64_t *refs;             /* hash_of() every full ref that it holds */
	size_t ref_count;
};

struct judged_block {
	struct records_block block;
	struct judged_line *at;
	size_t count, capacity;
	struct buffer bytes;
	struct hash_list refs;
	struct entity entity;         /* scratch, as is lower */
	struct buffer lower;
	struct split_hasher hasher;
};

/* Finds the block's lines and judges what is an entity by its first bytes. Zeroed at first; used again and again. */
void judged_read(struct judged_block *block, unsigned parts);

/* Is it the kind of one of okta-fetch's records, which are no entities? */
bool judged_is_of_fetch(struct slice kind);

/* Judges a line that was not. */
void judged_read_line(struct judged_block *block, struct judged_line *line, unsigned parts);

struct judged judged_entity(const struct judged_block *block, const struct judged_line *line);

void judged_free(struct judged_block *block);

/* Appends what the spool takes of an entity, or of the reason why it is none: its Okta id, a line feed, and that. */
void judged_pack(struct buffer *stored, struct slice okta_id, struct slice json);

#endif
