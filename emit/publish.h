/*
 * Putting a file in place whole or not at all: written aside in the same folder, synced, renamed.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stdbool.h>

#include "output.h"

struct publication {
	char *path;      /* what is replaced, symbolic links followed */
	char *temporary; /* .NAME.tmp beside it */
	int fd;
	struct output *output; /* write here */
};

/* Creates the temporary file. 0, or 73 after a message. INT, TERM and HUP remove it from now on. */
int publication_begin(struct publication *publication, const char *path);

/*
 * Puts what was written in place, or leaves the file untouched when it holds the same bytes (*same). 0, or the exit
 * status after a message; the file is then as it was.
 */
int publication_commit(struct publication *publication, bool *same);

/* Removes the temporary file. Also after a commit: then there is none. */
void publication_end(struct publication *publication);

#endif
