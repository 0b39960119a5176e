/*
 * Who gets which name: two never share one, and the choice depends on who is there (and on the ledger), not on the order of the
 * input.
 */
#ifndef NAME_CLAIMS_H
#define NAME_CLAIMS_H

#include "directory.h"

/*
 * Enters the names of all parties that have an entity into the name book.
 * Those from the ledger stay. Of the others that claim one name (compared
 * without case) one gets it, unless the book keeps it for somebody else: the
 * user whose login gives the same name, then one whose name needed no repair,
 * then the one created first, then by id. The others get "-" and the first
 * letters of base32(SHA-256(Okta id)) after it, the base cut to fit. A line
 * says so for each of them; must_not: these are errors.
 * 0, or 65 when there were some and there must not be.
 */
int name_claims_settle(struct directory *directory, struct parties *parties, bool must_not);

/* Is name what this party may have got that claims base: base itself, or base with a suffix of its own? */
bool name_is_made_of(const char *name, const char *base, struct slice id);

#endif
