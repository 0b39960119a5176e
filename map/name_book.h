/*
 * Who has which name: users and groups of the stream, those who left and whose
 * names are held for them, and the ledgers of other providers. Names are
 * compared without case. A holder is a party's number, or HELD and the index of
 * a held name.
 */
#ifndef NAME_BOOK_H
#define NAME_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct parties;

#define NO_HOLDER UINT32_MAX
#define HELD UINT32_C(0x80000000)

/*
 * A held name. Of a name that only other ledgers have, only name, number and
 * over are set.
 */
struct held_name {
	const char *name; /* NULL: its holder, or another party, got it */
	uint32_t number; /* of the holder; NOBODY: another ledger's, and no
			    party, or more than one, has it there */
	uint32_t since, left; /* seconds since 1970; 0: unknown */
	uint32_t expired; /* when a run first found the hold over, or 0 */
	bool over; /* the hold has ended: the name is free */
	bool fresh; /* held since this run: the ledger has no "left" yet */
};

/* A line of another provider's ledger (reserved_names.h). */
struct reserved_name {
	uint32_t holder; /* of this name in the name book */
	uint32_t number; /* of the party with the line's id; NOBODY: none */
	const char *id, *file;
	uint32_t left; /* seconds since 1970; 0: the holder has not left */
};

struct name_book {
	uint32_t *slots; /* a holder in the low bits, some of its name's hash above them; 0: empty */
	uint32_t holder_bits; /* ones where the holder is */
	size_t size, count;
	struct held_name *held;
	uint32_t held_count, held_capacity;
	/* So many of the last in held are of other ledgers only. */
	uint32_t held_reserved;
	struct reserved_name *reserved; /* by holder, once all are read */
	uint32_t reserved_count, reserved_capacity;
};

/* The holder of a name, or NO_HOLDER, also when it was kept long enough. */
uint32_t name_book_find(const struct parties *parties, const char *name);

/* The name of a holder. */
const char *name_book_name(const struct parties *parties, uint32_t holder);

/* The party that holds it. */
uint32_t name_book_party(const struct parties *parties, uint32_t holder);

/* Enters a holder with its name, in the place of who had that name. */
void name_book_enter(struct parties *parties, uint32_t holder);

/* Makes room for so many names more. */
void name_book_reserve(struct parties *parties, size_t more);

/* The name of a party will be claimed: has its memory fetched. */
void name_book_expect(const struct parties *parties, uint32_t number);

/* Enters a party whose name nobody has; or gives the holder who has it. */
uint32_t name_book_claim(struct parties *parties, uint32_t number);

/* Keeps a name for a party that does not use it, in the place of who had that name. */
void name_book_hold(struct parties *parties, struct held_name held);

/* No more names will be looked up: gives the memory of that back. */
void name_book_close(struct name_book *book);

void name_book_free(struct name_book *book);

#endif
