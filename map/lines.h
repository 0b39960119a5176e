/*
 * A block of okta-fetch's stream, its users and groups read: the part of reading that looks at one line only, so that several
 * blocks can be read at once (crew.h).
 */
#ifndef LINES_H
#define LINES_H

#include <stddef.h>

#include "okta_record.h"
#include "records.h"
#include "settings.h"
#include "slice.h"

struct line {
	struct slice text;
	bool is_read;              /* a user or a group, by its first bytes, and record is what was found */
	struct okta_record record;
};

struct lines {
	struct records_block block;
	struct line *at;
	size_t count, capacity;
	struct slice *wanted;      /* of all records */
	struct okta_reader reader;
};

/* Finds the block's lines and reads what it can. Zeroed at first; used again and again. */
void lines_read(struct lines *lines, const struct settings *settings);

void lines_free(struct lines *lines);

#endif
