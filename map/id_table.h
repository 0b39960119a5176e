/*
 * Ids to dense numbers 0, 1, 2, ... and back: 24 bytes and a slot each for what has up to 23 bytes, as Okta's ids do.
 */
#ifndef ID_TABLE_H
#define ID_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "slice.h"

struct id_table {
	struct id_cell *cells; /* by number; a zeroed struct is an empty table */
	uint32_t count, capacity;
	uint32_t *slots;       /* number + 1 in the low bits, some of the hash above them; 0: empty */
	unsigned bits;         /* that a number takes: there are 2 to the power of bits slots; 0: none yet */
	struct arena arena;    /* of longer ones */
};

/* The id's number, a new one (== count before) when it was not there. */
uint32_t id_table_number(struct id_table *table, struct slice id);

/* The id's number, or UINT32_MAX if the table does not have it. */
uint32_t id_table_find(const struct id_table *table, struct slice id);

/*
 * Has the memory fetched that looking an id up will need, while something else is done: first its slot, and later, by then it is there,
 * what the slot leads to, whose number it gives if the id seems to be known, else UINT32_MAX. Where many ids are looked up, each of these
 * for all of them before id_table_number is several times as fast.
 */
void id_table_expect(const struct id_table *table, uint64_t hash);
uint32_t id_table_expect_id(const struct id_table *table, uint64_t hash);

/* id_table_number of an id whose hash is known. */
uint32_t id_table_number_hashed(struct id_table *table, struct slice id, uint64_t hash);

/* The id of a number will be needed: has its memory fetched. */
void id_table_early(const struct id_table *table, uint32_t number);

/* The id of a number; valid until the next id_table_number. */
struct slice id_table_id(const struct id_table *table, uint32_t number);

/* No more ids will be looked up: gives the memory of that back. */
void id_table_close(struct id_table *table);

void id_table_free(struct id_table *table);

/* A hash of bytes, for tables of others. */
uint64_t id_hash(struct slice bytes);

#endif
