/*
 * Where a catalog's files are: FILE alone, or FILE as an index beside N parts, DIR/ID/000.yaml and on for DIR/ID.yaml.
 * An entity's part is a function of its ref alone, for ever: Backstage deletes an entity that moves to another file.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "buffer.h"
#include "slice.h"

enum { SPLIT_MOST = 1000 }; /* as many as three digits can name */

/* The part of a lower-cased full ref, 0 to parts - 1; 0 when parts is 0 (not split). */
unsigned split_part_of(struct slice ref, unsigned parts);

/* For threads that ask often: each has a hasher of its own, zeroed at first. */
struct split_hasher {
	void *context, *algorithm;
};

unsigned split_part_with(struct split_hasher *hasher, struct slice ref, unsigned parts);
void split_hasher_free(struct split_hasher *hasher);

/* The folder of the parts, for the path of the index. free() it. */
char *split_folder(const char *path);

/* The path of a part. free() it. */
char *split_part_path(const char *path, unsigned part);

/* The path with .yml for .yaml and the other way round, whose parts would go to the same folder; NULL: it has neither. free() it. */
char *split_other_index(const char *path);

/* Can the parts be named after the path and referred to from an index? NULL, or what is wrong with it. */
const char *split_path_problem(const char *path);

/* Appends the index's only entity, a Location with all parts as targets. id may be NULL. */
void split_index_entity(const char *path, const char *id, unsigned parts, struct buffer *json);

#endif
