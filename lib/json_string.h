/*
 * JSON strings to UTF-8 and back.
 */
#ifndef JSON_STRING_H
#define JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "slice.h"

/*
 * Appends the text of a raw string (as json_string_raw gives it, grammar already checked) as UTF-8.
 * NUL and lone surrogates become U+FFFD, so the text has neither.
 */
void json_string_decode(struct slice raw, struct buffer *text);

/* Appends text (UTF-8) as a JSON string with its quotes; escapes only what RFC 8259 demands, and DEL. Invalid UTF-8 becomes U+FFFD. */
void json_string_encode(struct buffer *json, struct slice text);

/* The code point at *position (< end), which is moved behind it; -1 for a byte that is no UTF-8, moved by one. */
int32_t utf8_next(const char **position, const char *end);

/* Appends a code point as UTF-8. */
void utf8_add(struct buffer *text, int32_t code_point);

/* The length of the longest valid UTF-8 prefix. */
size_t utf8_valid_prefix(const char *bytes, size_t length);

#endif
