/*
 * A file's lines in groups, through a window that holds no more than a group and a block.
 */
#ifndef LINE_WINDOW_H
#define LINE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "slice.h"

struct line_window {
	int fd;              /* -1: no file is open */
	const char *path;    /* the caller's, for messages */
	bool at_end;
	int status;          /* 0, or the exit status after a message; it stays */
	struct buffer bytes;
	size_t next;         /* offset in bytes of what was not handed out */
};

/* None open, nothing allocated. */
#define LINE_WINDOW_CLOSED {-1, NULL, false, 0, BUFFER_EMPTY, 0}

/* Opens a file, the one before is closed. False after a message (65). */
bool line_window_open(struct line_window *window, const char *path);

/*
 * The lines up to the next one that begins with separator, or to the end of the file, with their line feeds: at least one
 * line. "" gives single lines. Valid until the next call. False at the end or after a message.
 */
bool line_window_take(struct line_window *window, const char *separator, struct slice *lines);

/* Closes the file; the memory is kept for the next. */
void line_window_close(struct line_window *window);

void line_window_free(struct line_window *window);

#endif
