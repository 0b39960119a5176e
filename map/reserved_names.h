/*
 * Names that the ledgers of other providers have in the same namespace
 * (--names-reserved FILE): no new claimant gets them here, unless the Okta id
 * is the same. While names are assigned they stand at the end of the name
 * books' held names.
 */
#ifndef RESERVED_NAMES_H
#define RESERVED_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buffer.h"
#include "directory.h"
#include "settings.h"

struct reserved_names {
	struct arena arena;
	const struct settings *settings;
	struct directory *directory;
	const char *file; /* the one that is being read */
	bool skip; /* it is of another namespace */
	uint32_t leaving; /* when holders who are gone now left */
	uint32_t conflicts;
};

/*
 * Takes the lock of --names-lock, if it is given. The caller unlocks the
 * descriptor, which it shares with this process. 0, or 73 after a message.
 */
int reserved_names_lock(const struct settings *settings);

/*
 * Reads the ledgers; one of another namespace reserves nothing. 0, or the exit
 * status after a message: 65 for a damaged ledger, 78 for what is not a regular
 * file.
 */
int reserved_names_read(struct reserved_names *reserved,
	const struct settings *settings, struct directory *directory);

/*
 * After ledger_settle and reserved_names_read: reports the names that the own
 * ledger has, too, and for another id; they stay there. A name that a party
 * claims and has in another ledger becomes its own. now: seconds since 1970;
 * leaving: ledger_leaving_time.
 */
void reserved_names_settle(
	struct reserved_names *reserved, uint32_t now, uint32_t leaving);

/* Is the holder (name_book.h) a ledger of another provider? */
bool reserved_names_has(const struct parties *parties, uint32_t holder);

/*
 * A line of another ledger that has the holder's name for an id other than the
 * party's, or NULL. Holders who have not left come first. number NOBODY: for
 * any id.
 */
const struct reserved_name *reserved_names_other(
	const struct parties *parties, uint32_t holder, uint32_t number);

/*
 * Appends why the name cannot pass to another id, and what to do instead. what:
 * "user" or "group".
 */
void reserved_names_add_obstacle(struct buffer *text, const char *what,
	const struct reserved_name *other);

/* Names are assigned: forgets the reserved ones, frees their memory. */
void reserved_names_free(struct reserved_names *reserved);

#endif
