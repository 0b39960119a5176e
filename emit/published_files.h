/*
 * Which files the base is: one, an index and its parts, or parts without an index; which of them are missing or were not
 * written by this program.
 */
#ifndef PUBLISHED_FILES_H
#define PUBLISHED_FILES_H

#include "published.h"

/*
 * Fills in the files with their first lines and what these say: exists, foreign, format, parts, moving, id, org. parts: what is
 * asked for now. 0, or the exit status after a message.
 */
int published_find(struct published *published, const char *path, unsigned parts);

#endif
