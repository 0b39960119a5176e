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
#include "directory.h"
#include "settings.h"

struct reserved_names {
	struct arena arena;
	const struct settings *settings;
	struct directory *directory;
	uint32_t file; /* index of the one that is being read */
	bool skip; /* it is of another namespace */
	uint32_t conflicts;
};

/*
 * Takes the lock of --names-lock, then reads the ledgers. Before that the own
 * ledger must be settled: what it has is never taken away, and reported. now:
 * seconds since 1970. 0, or the exit status after a message: 65 for a damaged
 * ledger, 73 if the lock cannot be taken.
 */
int reserved_names_read(struct reserved_names *reserved,
	const struct settings *settings, struct directory *directory,
	uint32_t now);

/* Is the holder (name_book.h) a ledger of another provider? */
bool reserved_names_has(const struct parties *parties, uint32_t holder);

/* Who has the name there: the Okta id, and the ledger's path. */
const char *reserved_names_id(const struct parties *parties, uint32_t holder);
const char *reserved_names_file(const struct parties *parties, uint32_t holder);

/* Names are assigned: forgets the reserved ones, frees their memory. */
void reserved_names_free(struct reserved_names *reserved);

#endif
