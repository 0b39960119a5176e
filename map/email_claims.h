/*
 * Which of the users that share an e-mail carries it: Backstage refuses the sign-in of an e-mail that two entities carry.
 */
#ifndef EMAIL_CLAIMS_H
#define EMAIL_CLAIMS_H

#include <stdbool.h>

#include "directory.h"
#include "slice.h"

/* For a row's email_hash: of the folded e-mail, never 0. */
uint32_t email_hash(struct slice folded);

/*
 * Sets carries_email: of the users that share an e-mail (without case), the one whose login it is, else the one created first, then
 * by id. A line about each of the others. False after a message (74): the spool cannot be read.
 */
bool email_claims_settle(struct directory *directory);

#endif
