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

/* How many bytes the character at p (< end) has that is no ASCII; 0: this is no UTF-8. Unicode 15, table 3-7. */
static inline size_t utf8_length(const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t left = (size_t)(end - p);

	if (left < 2 || (u[1] & 0xc0) != 0x80)
		return 0;
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		return 2;
	if (left < 3 || (u[2] & 0xc0) != 0x80)
		return 0;
	if ((u[0] & 0xf0) == 0xe0)
		return (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ? 0 : 3;
	if (left < 4 || (u[3] & 0xc0) != 0x80 || u[0] < 0xf0 || u[0] > 0xf4)
		return 0;
	return (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f) ? 0 : 4;
}

/* The code point at *position (< end), which is moved behind it; -1 for a byte that is no UTF-8, moved by one. */
int32_t utf8_next(const char **position, const char *end);

/* Appends a code point as UTF-8. */
void utf8_add(struct buffer *text, int32_t code_point);

/* The length of the longest valid UTF-8 prefix. */
size_t utf8_valid_prefix(const char *bytes, size_t length);

#endif
