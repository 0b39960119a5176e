/*
 * What Okta calls the states of users and the types of groups, and lists of them as options have them.
 */
#ifndef OKTA_LIST_H
#define OKTA_LIST_H

#include <stdbool.h>

#include "slice.h"

/* Ended by NULL. */
extern const char *const okta_states[], *const okta_types[];

/*
 * Adds the words of a list such as "SUSPENDED, staged" to set, a bit each: blanks and the case of letters do not count. Gives the first word
 * that is none of Okta's; data NULL: all are.
 */
struct slice okta_list_add(const char *const *words, const char *list, unsigned *set);

/* Is a word in the set? One that Okta has only since is in none. */
bool okta_list_has(const char *const *words, unsigned set, struct slice word);

#endif
