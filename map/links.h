/*
 * Who stands above whom, by two attributes: the key of one is what the other names as its parent or manager.
 */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>

#include "directory.h"

struct links {
	bool by_id;           /* keys are the parties' own ids: nothing but above is noted */
	struct id_table keys;
	uint32_t *owner;      /* by key: the party that has it, or NOBODY */
	uint32_t capacity;
	struct rival {
		uint32_t key, number;
		const struct links *links; /* for sorting */
		const struct parties *parties;
	} *rivals;            /* parties whose key an older one has, too */
	uint32_t rival_count, rival_capacity;
	size_t missing, selves; /* links_resolve counts */
};

/*
 * Notes a party's own key and the key that it names as above it; empty: none. Of parties with one key the oldest counts. The row must know
 * its age; its member above holds the key's number until links_resolve.
 */
void links_add(struct links *links, struct parties *parties, uint32_t number, struct slice key, struct slice above);

/*
 * Gives each row's member above its meaning: a party, or NOBODY where none has that key, or it would be the party itself, which are
 * counted. each: a line about each of these, calling it by what ("parent"). Another line names each party whose key an older one has, too.
 */
void links_resolve(struct links *links, struct parties *parties, const char *what, bool each);

void links_free(struct links *links);

#endif
