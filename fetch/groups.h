/*
 * Which groups are ingested: all that the app sees, those of a search, or those named. Each one found waits here
 * until its members are read.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>

#include "org.h"
#include "walk.h"

struct group {
	struct group *next;
	char *id, *name;  /* name: as Okta has it, for messages */
	char *updated;    /* lastMembershipUpdated, or NULL */
	char *text;       /* the object as sent */
	size_t text_length;
};

struct groups {
	struct org *org;
	struct walk walk;
	struct group *first, *last; /* found and waiting */
	unsigned waiting;
	size_t waiting_bytes;
	unsigned long found;        /* in all */
	bool saw_built_in;
	bool done;                  /* nothing more will be found */
	size_t next_name;           /* of settings->groups: the first that was not yet asked for */
	struct known_match *known;  /* of the names that were not found; NULL:
				       they are not all asked for */
	size_t known_count, next_known; /* next_known: not yet asked for */
	bool searched;              /* settings->group_search was asked for */
	unsigned long search_hits;  /* what it brought, also what was there before */
	bool *named_found;          /* for each of settings->groups, by its
				       name or as a known group */
	char **nearest;             /* a name that differs in case alone, or NULL */
};

void groups_start(struct groups *groups, struct org *org);

/* Takes a waiting group (group_free it); NULL: none waits now. */
struct group *groups_take(struct groups *groups);

void group_free(struct group *group);
void groups_free(struct groups *groups);

#endif
