/*
 * Who gets which name, and which e-mail: two never share one, and the choice depends on who is there, not on the
 * order of the input.
 */
#ifndef NAME_CLAIMS_H
#define NAME_CLAIMS_H

#include "directory.h"

/*
 * Sets party->name for all. Of those that claim one name (compared without case) the one created first, then by id,
 * gets it; the others get "-" and the first letters of base32(SHA-256(Okta id)) behind it, the base cut to fit.
 * A line says so for each of them.
 */
void name_claims_settle(struct directory *directory, struct parties *parties, const char *what);

/*
 * Sets carries_email: of the users that share an e-mail (without case), the one whose login it is, else the one created
 * first, then by id. Backstage refuses the sign-in of an e-mail that two entities carry.
 */
void email_claims_settle(struct directory *directory);

#endif
