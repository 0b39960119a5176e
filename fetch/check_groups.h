/*
 * The steps of --check that are about groups: does the app see any, are the wanted ones among them, do they show their members?
 */
#ifndef CHECK_GROUPS_H
#define CHECK_GROUPS_H

#include "check_session.h"

/* Where roles and resource sets are mended. */
#define CHECK_ROLE_PLACE "Security > Administrators > Roles, and Applications > the app > Admin roles"

/* Reads the list of groups into the session and reports; false when there is nothing to go on with. */
bool check_groups_seen(struct check *check);

/* Reports each wanted group, or what the group search finds; after check_groups_seen. */
void check_groups_wanted(struct check *check);

/* Reports whether a group shows its members; after check_groups_wanted. */
void check_members(struct check *check);

#endif
