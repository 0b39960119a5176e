/*
 * Putting files in place whole or not at all: written aside in the same folder, synced, renamed. Several files are all
 * written and synced before the first is renamed. The file aside is locked as long as it is open, so two runs never write
 * one file at the same time, and what a run left behind that was killed is told from what another run is writing.
 *
 *     publication_begin, write to ->output, publication_finish      for each file
 *     publication_place                                             for each file, those that others refer to first
 *     publication_end                                               in any case
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "output.h"

struct publication {
	char *path;      /* what is replaced, symbolic links followed */
	char *temporary; /* .NAME.tmp beside it */
	int fd;          /* of the temporary file, which it locks */
	mode_t mode;     /* of a file that is not there yet: 0644, unless set before publication_finish */
	bool same;       /* the file holds the same bytes already: it is left untouched */
	bool placed;     /* or there is nothing to remove any longer */
	struct output *output; /* write here */
	struct publication *next;
};

/*
 * Creates the temporary file. 0, or the exit status after a message: 73, or 75 when another run is writing the file. INT,
 * TERM, HUP and PIPE remove it from now on.
 */
int publication_begin(struct publication *publication, const char *path);

/*
 * All is written: the disk may begin with it. Before publication_finish, where
 * there is other work in between. The file gets the mode of the one that it
 * replaces and, if this is root, also its owner and group as far as that is
 * permitted. 0, or 74 after a message.
 */
int publication_written(struct publication *publication);

/* All is written: makes it safe on the disk, or finds the file to be the same. 0, or 74 after a message. */
int publication_finish(struct publication *publication);

/* Closes the temporary file, and so unlocks it: for one of many files, where the lock of another is held for all. */
void publication_unlock(struct publication *publication);

/* Renames, unless the file is the same. 0, or 74 after a message; the file is then as it was. */
int publication_place(struct publication *publication);

/* Signals wait from the first place of several to the last. */
void publication_hold_signals(bool hold);

/* Makes renamings in the folder of the path safe on the disk. */
void publication_sync_folder(const char *path);

/* Removes the temporary file, where it was not placed. Harmless after a failed begin and when repeated. */
void publication_end(struct publication *publication);

/* Which file stands at a path, of what length and as of when; all 0: none. */
struct publication_mark {
	uint64_t device, file, size, seconds, nanoseconds;
};

/* Take it before a file is read, and ask, when it is locked by publication_begin, whether another run replaced it meanwhile. */
struct publication_mark publication_mark(const char *path);
bool publication_replaced(const char *path, const struct publication_mark *since);

/* Does the file hold these bytes? */
bool publication_is(const char *path, const char *bytes, size_t length);

/* Removes what a run that was killed may have left beside the path, and nothing that another run is writing: false then. */
bool publication_clean(const char *path);

#endif
