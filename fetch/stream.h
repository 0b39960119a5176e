/*
 * The records on standard output. Written without ever blocking the requests under way: what the reader has not
 * taken yet waits here, and the run asks nothing new while that is much.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

struct stream {
	struct buffer waiting;
	size_t taken;      /* of it, by the reader */
	bool failed;
};

/* Puts whole records (lines) at the end. */
void stream_add(struct stream *stream, const void *lines, size_t length);

void stream_add_string(struct stream *stream, const char *text);

/* Puts a line before all others. Only before the first call of stream_write. */
void stream_add_first(struct stream *stream, const struct buffer *line);

/* Bytes that the reader has not taken. */
size_t stream_waiting(const struct stream *stream);

/* Ends the program by SIGPIPE when the reader is gone. False when writing has failed before. */
bool stream_watch(struct stream *stream);

/*
 * Writes what can be written without blocking. A reader that is gone ends the program by SIGPIPE. False, after a
 * message, when writing failed.
 */
bool stream_write(struct stream *stream);

/* Writes all that is left, waiting for the reader. False as above. */
bool stream_finish(struct stream *stream);

void stream_free(struct stream *stream);

#endif
