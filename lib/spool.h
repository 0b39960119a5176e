/*
 * Bytes that need not stay in memory: an unlinked temporary file (0600, in $TMPDIR) to append to and read back. The first
 * of them may stay: then there is no file as long as they suffice.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "slice.h"

struct spool {
	int fd;              /* -1: no file yet */
	atomic_int status;   /* 0, or what a failure ends with; told of once, however many threads read */
	uint64_t length;     /* of what was added */
	size_t keep;         /* most bytes of kept while more is added */
	struct buffer kept;  /* what was added first */
	uint64_t file_start; /* the offset of the file's first byte */
	struct buffer tail;  /* added, not yet in the file */
};

/* False after a message (exit status 73). */
bool spool_open(struct spool *spool);

/* A spool that keeps its first bytes, at most keep, in memory. */
struct spool spool_keeping(size_t keep);

/* Appends; gives the offset in *offset. False after a message (74; 73 when the file could not be made). */
bool spool_add(struct spool *spool, const void *bytes, size_t length, uint64_t *offset);

/* Replaces the buffer's content by length bytes from offset on, which were added at once. False after a message (74). */
bool spool_read(struct spool *spool, uint64_t offset, size_t length, struct buffer *bytes);

/* The same, but what was kept in memory is not copied: in *found, until the next spool_add. */
bool spool_find(struct spool *spool, uint64_t offset, size_t length, struct buffer *bytes, struct slice *found);

/*
 * Nothing more will be added, and there is memory again: keeps up to more bytes beside those that are kept, so that finding
 * them takes no call of the system. False after a message (74).
 */
bool spool_recall(struct spool *spool, size_t more);

/* Puts into the file what is still to go there. From then on several threads may read, until more is added. False after a message. */
bool spool_settle(struct spool *spool);

/* What to end with after a failure: 73 or 74; 0: nothing failed. */
int spool_status(const struct spool *spool);

void spool_close(struct spool *spool);

#endif
