/*
 * The last step of --check: what a whole run will cost.
 */
#ifndef CHECK_ESTIMATE_H
#define CHECK_ESTIMATE_H

#include "check_session.h"

/* Reports calls and seconds of a whole run, by the groups that were read and by counting users. */
void check_estimate(struct check *check);

#endif
