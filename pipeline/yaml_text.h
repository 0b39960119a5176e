/*
 * The text of a YAML document, whole in memory, held to what YAML 1.1 (libyaml) and 1.2 (Backstage) read alike.
 */
#ifndef YAML_TEXT_H
#define YAML_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "buffer.h"

/*
 * Reads a file to its end and puts a line break behind a last line that has none: a text that stands in it after | would
 * lose its own. 0, or an exit status after a message. name is for messages. The text is the caller's: buffer_wipe it.
 */
int yaml_text_read(struct buffer *text, FILE *file, const char *name);

/* A line of a text and the offset where it begins; all 0: the first. */
struct yaml_line {
	size_t number, start;
};

/*
 * The first byte of the character in that line and column, both counted from 0;
 * NUL if it does not exist. last is the line that the call before asked for: a
 * text is read once if the lines come in order.
 */
char yaml_text_at(const struct buffer *text, struct yaml_line *last,
	size_t line, size_t column);

#endif
