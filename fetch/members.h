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
	struct seen listed;   /* a list that moves while it is walked shows a member on two pages */
	struct buffer line;   /* ids of a line that is not yet full */
	unsigned long in_line;
	struct cache_writer *kept; /* NULL: not kept */
	char what[200];
};

/* Starts reading a group's members, from the cache when it has them; owns the group from now on. */
void members_start(struct members *members, struct org *org, struct group *group);

void members_free(struct members *members);

#endif
