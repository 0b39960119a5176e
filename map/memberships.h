/*
 * Who is in which group: pairs of numbers while the input is read, rows of numbers afterwards. 8 bytes a membership,
 * 12 while they become rows.
 */
#ifndef MEMBERSHIPS_H
#define MEMBERSHIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parties;

/* Row n: to[start[n]] up to to[start[n + 1]]. */
struct adjacency {
	uint32_t *start, *to; /* NULL: not made */
};

struct memberships {
	struct membership_block *blocks; /* what was read */
	size_t count;                    /* that were read, before any was merged or left out */
	struct adjacency members;        /* of a group: users */
	struct adjacency groups;         /* of a user */
	size_t of_strangers, in_strangers; /* left out: of users, and in groups, that have no entity */
};

void memberships_add(struct memberships *memberships, uint32_t group, uint32_t user);

/*
 * Makes members (in no order, some perhaps twice) of what was read, without what leads to a party that has no entity, which is
 * counted; and sets has_members of groups.
 */
void memberships_settle(struct memberships *memberships, struct parties *users, struct parties *groups);

/*
 * Turns rows round, from those of m parties to those of n others: the new rows hold the numbers in the order in which order has them, so
 * that what was said twice stands side by side. from keeps its memory.
 */
void adjacency_turn(struct adjacency *to, const struct adjacency *from, uint32_t n, const uint32_t *order, uint32_t m);

void adjacency_free(struct adjacency *adjacency);
void memberships_free(struct memberships *memberships);

#endif
