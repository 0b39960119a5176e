/*
 * A record of a user or a group into its row and its pieces.
 */
#ifndef INTAKE_PARTY_H
#define INTAKE_PARTY_H

#include "intake.h"

/* The record at hand, of kind OktaUser or OktaGroup. What is wrong with it makes the stream bad. */
void intake_user(struct intake *intake);
void intake_group(struct intake *intake);

/* The text of a raw JSON string; in scratch where it has escapes. */
struct slice intake_text(struct slice raw, struct buffer *scratch);

#endif
