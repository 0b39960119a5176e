/*
 * What was published before, read from the file's own index lines: no YAML is ever parsed.
 */
#ifndef PUBLISHED_H
#define PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "settings.h"
#include "slice.h"

struct published_document {
	struct slice ref, okta_id;  /* of the index line */
	struct slice bytes;         /* the whole document */
	unsigned long members;      /* membership relations in it */
};

struct published {
	bool exists;
	struct buffer bytes;        /* the file */
	char *id, *org;             /* of its first line; NULL: not said */
	struct published_document *documents; /* in the file's order, which is that of the refs */
	size_t count;
};

/* Reads the base; a file that is not there is none. 0, or the exit status after a message. */
int published_read(struct published *published, const char *path, enum format format);

/* The document of a ref (binary search), or NULL. */
const struct published_document *published_find(const struct published *published, struct slice ref);

void published_free(struct published *published);

#endif
