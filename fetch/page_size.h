/*
 * The limit parameter of a list's URL. Okta answers with HTTP 500 when a page takes too long, and 400 when it is more
 * than an org allows; both are mended by smaller pages. A cursor does not depend on the page's size.
 */
#ifndef PAGE_SIZE_H
#define PAGE_SIZE_H

#include <stdbool.h>

/* Okta's highest for users, its recommendation for groups, its default for members. */
enum { PAGE_SIZE_USERS = 200, PAGE_SIZE_GROUPS = 200, PAGE_SIZE_MEMBERS = 1000 };

/* Rewrites limit=N in *url (malloc()ed) to the next smaller size, and lowers *size to it; false at the smallest. */
bool page_size_lower(char **url, long *size);

/* Rewrites limit=N when it is more than size. */
void page_size_apply(char **url, long size);

#endif
