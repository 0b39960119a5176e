/*
 * Names the folders in --cache DIR, one for each org and app, and removes those
 * that no run uses any more: of an older release, a former app or token.
 */
#ifndef CACHE_FOLDER_H
#define CACHE_FOLDER_H

/* The size of a folder's name with its NUL. */
enum { CACHE_FOLDER_NAME = 33 };

/*
 * Sets the name of the folder: half of the SHA-256 of org, a line feed and
 * client, in hex.
 */
void cache_folder_name(const char *org, const char *client,
	char name[CACHE_FOLDER_NAME]);

/*
 * Removes the folders in dir, except own (a name), that have not been used for
 * so many seconds. Removes only a folder that holds nothing but lists of the
 * org and app that it is named after, and follows no symbolic link in dir.
 */
void cache_folder_sweep(const char *dir, const char *own, double seconds);

#endif
