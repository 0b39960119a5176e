/*
 * Keys of annotations as Backstage takes them: [prefix/]name.
 */
#ifndef ANNOTATION_KEY_H
#define ANNOTATION_KEY_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/*
 * Appends a valid key made of text: what is not allowed in the name becomes a hyphen, in the prefix, which is put into lower case,
 * too. False, with nothing appended, when no name is left.
 */
bool annotation_key_add(struct buffer *key, struct slice text);

#endif
