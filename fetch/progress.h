/*
 * One line on the terminal that rewrites itself while an org is read.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>

#include "org.h"

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress {
	const struct org *org;
	unsigned long groups_found;
	bool groups_complete; /* all groups that will be found are */
};

/* auto: shown when standard error is a terminal and notes are wanted. */
void progress_start(int mode);

/* Draws the line anew, a few times a second at most. */
void progress_show(const struct progress *progress);

/* Takes the line away. */
void progress_end(void);

#endif
