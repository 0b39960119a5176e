/*
 * The forms in which a catalog is published. One document an entity, in the order of the refs.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdbool.h>

#include "buffer.h"
#include "settings.h"
#include "slice.h"

/* An entity as the forms need it. */
struct format_entity {
	struct slice json;         /* a whole object */
	struct slice ref, okta_id; /* for the index comment of the YAML forms */
	const char *location, *location_key; /* for the provider's forms */
};

/* Is it one of those that Backstage reads as files? */
bool format_is_yaml(enum format format);

/* Appends one entity's document. */
void format_document(enum format format, const struct format_entity *entity, struct buffer *document);

/*
 * Appends what stands before all documents: in the YAML forms and in a mutation a first line with id and org (each may be
 * NULL), in YAML also what the file is of a split catalog, "part=3/8" (NULL: nothing).
 */
void format_head(enum format format, const char *id, const char *org, const char *split, struct buffer *text);

/* Appends what stands between two documents and behind the last. */
void format_between(enum format format, struct buffer *text);
void format_tail(enum format format, bool any, struct buffer *text);

/* Appends a JSON object as a block of YAML that readers of 1.1 and of 1.2 take alike. */
void format_yaml(struct slice json, struct buffer *yaml);

/* A string as format_yaml wrote it as the text that it was; the buffer is used where there are quotes. */
struct slice format_yaml_text(struct slice written, struct buffer *text);

/*
 * Appends a JSON object as JSON that is YAML of both versions, too, on one line: no surrogate pairs and no escaped
 * slashes, which YAML 1.1 lacks.
 */
void format_yaml_flow(struct slice json, struct buffer *yaml);

#endif
