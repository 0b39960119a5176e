/*
 * The Link header (RFC 8288), as Okta paginates with it.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>

#include "slice.h"

/*
 * Looks for a link of the relation in one header's value, which may hold several links joined by
 * commas. True with *target set to the bytes between < and >.
 */
bool link_find(const char *header, const char *relation, struct slice *target);

#endif
