/*
 * The files of a publication: which rows each holds, what stands around them, and writing it.
 */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"
#include "output.h"
#include "settings.h"

struct difference;

struct documents_file {
	struct buffer head;       /* first line */
	size_t first_row, rows;
	uint64_t frame;           /* bytes of all but the documents */
};

/* The file of that number: a part of a split catalog, or 0, the only one. */
void documents_file(struct documents_file *file, const struct settings *settings, const struct catalog *catalog, size_t number);
void documents_file_free(struct documents_file *file);

/* Writes it. False after a message (74). */
bool documents_write(const struct documents_file *file, enum format format, struct catalog *catalog, struct output *output);

/* Appends the index of a split catalog. */
void documents_index(const struct settings *settings, const struct catalog *catalog, struct buffer *text);

/* Writes a delta: what is new or other, and the refs of what is gone. */
bool documents_write_delta(const struct difference *difference, struct catalog *catalog, struct output *output);

#endif
