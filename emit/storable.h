/*
 * JSON that every reader and every database takes: JavaScript and PostgreSQL refuse what JSON's escapes can spell beyond Unicode's text.
 */
#ifndef STORABLE_H
#define STORABLE_H

#include "buffer.h"
#include "slice.h"

/* Appends whole JSON, byte for byte but for the escapes of NUL and of surrogates without their other half: these become U+FFFD. */
void storable_add(struct slice json, struct buffer *text);

#endif
