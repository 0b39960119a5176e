/*
 * What was published before, read document by document from the files' own index lines (YAML) or an entity a line (the
 * JSON forms): no YAML is ever parsed, and no more than one document is in memory.
 */
#ifndef PUBLISHED_H
#define PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entity.h"
#include "format.h"
#include "publish.h"
#include "slice.h"

struct published_file {
	char *path;
	bool exists;
	char *head;           /* its first line with the line feed */
	struct publication_mark mark; /* of when it was opened */
};

struct published {
	bool exists;
	bool force;           /* what is damaged is passed over; else it is an error */
	char *foreign;        /* the path of what was not written by this program: nothing of it is read; NULL: all was */
	enum format format;   /* of the first document (yaml and yaml-flow may be mixed) */
	unsigned parts;       /* 0: one file */
	bool moving;          /* a forced change of the parts was interrupted: some are the new ones already */
	char *id, *org, *location_key; /* NULL: not said */
	struct published_file *files;  /* one, or the parts */
	size_t file_count;
	struct published_reader *reader;
};

/* Slices are valid until the next is read. */
struct published_document {
	struct slice ref, okta_id;
	struct slice bytes;         /* the whole document, as format_document writes it */
	struct slice json;          /* in the JSON forms: the entity; else absent */
	enum format format;
	size_t file;                /* index into the files */
	size_t relations;           /* memberships that it states */
};

/*
 * Opens the base; a file that is not there, or empty, is none, unless there are parts of its: those are it, then. path may be
 * NULL. parts: what is asked for now, to find a change of the parts that was interrupted. Without force a part that is missing
 * is 65, and so is, when it is read, whatever this program would not have written. 0, or the exit status after a message.
 */
int published_open(struct published *published, const char *path, unsigned parts, bool force);

/* Was every line of the file (and parts) that stands in the place of an output written by this program? 0, or 65 after a message. */
int published_check_output(const char *path, enum format format, unsigned parts);

/* Says what is foreign; gives 65. */
int published_foreign(const struct published *published);

/* Is any of the files another one now than when it was opened? */
bool published_changed(const struct published *published);

/* The next document, false at the end or after an error. published_rewind begins anew. */
bool published_next(struct published *published, struct published_document *document);

/* 0, or the exit status after a message when reading failed; then the first document is next again. */
int published_rewind(struct published *published);

/* Calls found with each membership relation (relation.h) that the document read last states. */
void published_relations(struct published *published, const struct published_document *document,
	void (*found)(void *owner, uint64_t relation), void *owner);

/* Is the file a part of a split catalog that this program wrote for this provider (NULL: none was named)? */
bool published_is_part(const char *path, const char *id);

/* Do the parts that lie where those of the path would lie belong to another index (NAME.yml for NAME.yaml)? */
bool published_folder_is_taken(const char *path);

void published_free(struct published *published);

#endif
