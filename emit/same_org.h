/*
 * Tells an org that got a new address from another org of the same provider.
 */
#ifndef SAME_ORG_H
#define SAME_ORG_H

#include <stdbool.h>

#include "catalog.h"
#include "published.h"

/*
 * Sets *same if at least one Okta id of the base occurs in an input of the
 * base's provider (any input, if the base names no provider). Call it after
 * catalog_read. 0, or the exit status after a message (65, 74).
 */
int same_org(struct catalog *catalog, struct published *published, bool *same);

/* The first input of the provider; NULL: none is. id NULL: the first input. */
const struct catalog_input *same_org_input(const struct catalog *catalog,
	const char *id);

#endif
