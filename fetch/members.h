/*
 * The members of one group, then the group's own record.
 */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdbool.h>

#include "cache.h"
#include "groups.h"
#include "org.h"
#include "walk.h"

struct members {
	struct org *org;
	struct group *group;  /* owned; NULL: free for another */
	struct walk walk;
	struct request probe; /* asks for the group itself when its member list is not to be had */
	/*
	 * What is listed already: a list that moves while it is walked shows a member on two pages. A long list's set is a lane of
	 * org->seen, or many such lists at once would break the bound of memory; while all lanes are taken it waits.
	 */
	struct seen listed;
	int lane;             /* -1: none */
	struct buffer line;   /* ids of a line that is not yet full */
	unsigned long in_line;
	struct cache_writer *kept; /* NULL: not kept */
	char what[200];
};

/* Starts reading a group's members, from the cache when it has them; owns the group from now on. */
void members_start(struct members *members, struct org *org, struct group *group);

/* Lets a list go on that waits for a lane, when one is free. */
void members_go_on(struct members *members);

void members_free(struct members *members);

#endif
