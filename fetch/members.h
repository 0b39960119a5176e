/*
 * The members of one group, then the group's own record.
 */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdbool.h>

#include "groups.h"
#include "org.h"
#include "walk.h"

struct members {
	struct org *org;
	struct group *group;  /* owned; NULL: free for another */
	struct walk walk;
	struct request probe; /* asks for the group itself when its member list is not to be had */
	char what[200];
};

/* Starts reading a group's members, which it owns from now on. */
void members_start(struct members *members, struct org *org, struct group *group);

void members_free(struct members *members);

#endif
