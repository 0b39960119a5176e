/*
 * Passes names on in the ledger (--give REF=ID[:FORMER]), without a stream:
 * when a group or user was deleted in Okta and created anew, the new one has
 * another id.
 */
#ifndef LEDGER_GIVE_H
#define LEDGER_GIVE_H

#include "directory.h"
#include "ledger.h"
#include "settings.h"

/*
 * Gives each name of --give to its Okta id, all or none, in the ledger that was
 * read, and writes it. 0, or the exit status after a message: 64 for a
 * malformed value, 65 if the ledger does not have the name, its holder is not
 * FORMER or, without FORMER, has not left, or a ledger of --names-reserved has
 * the name for an id other than ID.
 */
int ledger_give(struct ledger *ledger, const struct settings *settings,
	struct directory *directory);

/* Is it REF=ID or REF=ID:FORMER? 0, or 64 after a message. */
int ledger_give_check(const char *value);

#endif
