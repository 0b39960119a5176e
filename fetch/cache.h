/*
 * Memberships kept between runs: --cache DIR. One file a group, below a folder for each org and app (another app may
 * see other members), so that each list is kept as soon as it is complete, by one rename.
 * The org is known by its id: an org that gets another address keeps its lists,
 * another org at the same address finds none.
 *
 *     okta-catalog cache 1
 *     org 00o...
 *     client 0oa...
 *     group 00g...
 *     updated 2026-01-05T10:11:12.000Z      the group's lastMembershipUpdated
 *     read 1764000000                       when the list was read, Okta's clock
 *     00u...                                one member a line, as Okta lists them
 *     end 2
 *     sha256 ...                            of all lines before
 *
 * A file is believed when its digest is right, it is of this org, app and group, lastMembershipUpdated has not moved,
 * and the list was not read at the moment of the change itself. Each list has a moment of its own in every
 * --cache-max-age at which it is read anew, whatever the file says.
 */
#ifndef CACHE_H
#define CACHE_H

#include <stdbool.h>

#include "slice.h"

struct cache;
struct cache_writer;

/*
 * Opens DIR, which is made when it is not there (0700), and removes files and folders in it that nobody can use any more. NULL
 * after a warning: the run goes on without a cache. org: its id, kept, not
 * copied. max_age in seconds.
 */
struct cache *cache_open(const char *dir, const char *org, const char *client,
	double max_age);
void cache_close(struct cache *cache);

/*
 * Gives each member of the kept list of a group to add; false when there is none to believe (then add was not
 * called). updated: the group's lastMembershipUpdated; now: seconds since the epoch, Okta's clock.
 */
bool cache_read(struct cache *cache, const char *group, const char *updated, double now,
	void (*add)(void *owner, struct slice id), void *owner);

/* Begins a list; NULL when it cannot be kept (a warning said why, once). */
struct cache_writer *cache_write(struct cache *cache, const char *group, const char *updated, double now);
void cache_add(struct cache_writer *writer, struct slice id);

/* The list is complete: it takes the place of the old one. Frees the writer. */
void cache_commit(struct cache_writer *writer);

/* The list came to nothing; the old one stays. Frees the writer; NULL is allowed. */
void cache_abandon(struct cache_writer *writer);

#endif
