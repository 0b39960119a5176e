/*
 * Bytes that need not stay in memory: an unlinked temporary file (0600, in $TMPDIR) to append to and read back.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct spool {
	int fd;
	uint64_t length;     /* of what was added */
	struct buffer tail;  /* added, not yet in the file */
};

/* False after a message (exit status 73). */
bool spool_open(struct spool *spool);

/* Appends; gives the offset in *offset. False after a message (74). */
bool spool_add(struct spool *spool, const void *bytes, size_t length, uint64_t *offset);

/* Replaces the buffer's content by length bytes from offset on. False after a message (74). */
bool spool_read(struct spool *spool, uint64_t offset, size_t length, struct buffer *bytes);

void spool_close(struct spool *spool);

#endif
