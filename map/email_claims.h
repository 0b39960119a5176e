/*
 * Who carries an e-mail that several users share. Backstage refuses the sign-in
 * of an e-mail that two entities carry; if only one does, Backstage takes
 * everybody who has the e-mail for that entity.
 */
#ifndef EMAIL_CLAIMS_H
#define EMAIL_CLAIMS_H

#include <stdbool.h>

#include "directory.h"
#include "slice.h"

/* For a row's email_hash: of the folded e-mail, never 0. */
uint32_t email_hash(struct slice folded);

/*
 * Reports each e-mail that several users share (equal by email_fold), a line
 * each. by_login (--shared-email login): if it is the login of exactly one of
 * them, sets withholds_email of the others. False after a message (74): the
 * spool cannot be read.
 */
bool email_claims_settle(struct directory *directory, bool by_login);

#endif
