/*
 * The pages of a list that were asked for, to notice a list that leads back into itself: Okta has had lists whose next link
 * never ended (OKTA-633507).
 */
#ifndef VISITED_H
#define VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: nothing was visited. */
struct visited {
	uint64_t *hashes; /* of the URLs */
	size_t count, capacity;
};

/* Keeps a URL; false when it was there before. */
bool visited_add(struct visited *visited, const char *url);

/* Forgets all, and frees it. */
void visited_clear(struct visited *visited);

#endif
