/*
 * The tree of groups: members above of their rows, without loops; and what is empty in it.
 */
#ifndef HIERARCHY_H
#define HIERARCHY_H

#include "directory.h"

/*
 * Cuts loops: the oldest group of each gets no parent, and a line names the groups. Whose member above is resolved (links.h) is the
 * caller's business.
 */
void hierarchy_cut_loops(struct parties *groups);

/* Leaves out groups that have no members and none below them that has. Gives how many. */
uint32_t hierarchy_prune(struct parties *groups);

#endif
