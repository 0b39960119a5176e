/*
 * Okta's search expressions (developer.okta.com/docs/reference/core-okta-api/#filter): quoting, batching, and
 * the URLs of lists.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stddef.h>

/* How many groups one search names at most. */
enum { SEARCH_BATCH_TERMS = 20 };

#include "buffer.h"
#include "options.h"

/* Is it a group's id rather than a name? Ids are 00g and 17 letters and digits; a name may look like one, too. */
bool search_is_group_id(const char *text);

/*
 * Appends an expression that finds groups of the list from *first on, by exact name or id, as many as fit in one
 * request, and moves *first behind them.
 */
void search_add_groups(struct buffer *expression, const struct option_list *names, size_t *first);

/* origin + path ("/api/v1/users?limit=200") + "&search=" + the expression, percent-encoded; NULL: none. free() it. */
char *search_url(const char *origin, const char *path, const char *expression);

#endif
