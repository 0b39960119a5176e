/*
 * A pull cursor over the bytes of one JSON text (RFC 8259, strict: whole grammar, UTF-8, depth).
 * It allocates nothing and copies nothing: values come back as slices of the input, byte for byte.
 *
 *     struct json_cursor cursor = json_cursor(bytes, length);
 *     struct slice key, value;
 *     if (json_enter_object(&cursor))
 *             while (json_next_member(&cursor, &key)) {
 *                     if (slice_equals(key, "id"))
 *                             json_string_raw(&cursor, &id);
 *                     else
 *                             json_skip(&cursor, &value);
 *             }
 *     if (!json_end(&cursor))
 *             ... cursor.error says what is wrong, cursor.position where (offset in bytes)
 *
 * The first error stays: every later call does nothing and gives false, so one check at the end is
 * enough. Each value must be taken by exactly one of json_enter_*, json_string_raw, json_skip.
 */
#ifndef JSON_CURSOR_H
#define JSON_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

enum { JSON_DEPTH_LIMIT = 512 };

enum json_type { JSON_NONE, JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

struct json_cursor {
	const char *start, *position_in, *end; /* position_in: next byte to read */
	const char *error;                     /* what was expected or found; NULL while all is well */
	size_t position;                       /* offset of the error */
	unsigned depth;
	bool first;                            /* no member or element was taken yet at this depth */
	bool escaped;                          /* the key, or the raw string, taken last has escapes */
};

struct json_cursor json_cursor(const char *bytes, size_t length);

/* The type of the value that comes next, by its first byte; JSON_NONE at an error. Takes nothing. */
enum json_type json_peek(struct json_cursor *cursor);

/* Takes the opening bracket; false and an error when the next value is of another type. */
bool json_enter_object(struct json_cursor *cursor);
bool json_enter_array(struct json_cursor *cursor);

/*
 * The next member's key: the bytes between its quotes, escapes as they stand (a key with escapes does
 * not equal its plain spelling; see json_key_equals). False at the closing bracket, which is taken,
 * and at an error.
 */
bool json_next_member(struct json_cursor *cursor, struct slice *key);

/*
 * Keys in the order in which they are expected: a list through next, whose order the caller learns from earlier objects.
 */
enum { JSON_KEY_LEAST = 4, JSON_KEY_MOST = 40 };

struct json_key {
	struct json_key *next;     /* what is expected behind it; NULL: not known */
	bool wanted;
	unsigned char length;      /* of text */
	char text[JSON_KEY_MOST];  /* "name": */
};

/* Sets the text of known, for a key without escapes; false: too long or too short for a list. */
bool json_key_learn(struct json_key *known, struct slice key);

/*
 * Takes members, whole and with their grammar checked, as long as each is the one expected at **place, which moves on behind it, and is
 * not wanted. Gives the first that is, its value not taken; NULL: the next one is none of the list at that place, or the object ends, or
 * there is an error: json_next_member tells. For objects whose members mostly come in one order.
 */
struct json_key *json_next_wanted(struct json_cursor *cursor, struct json_key ***place);

/* True when there is another element, which the caller then takes; false as above. */
bool json_next_element(struct json_cursor *cursor);

/*
 * Takes the next element if it is a string that is not empty, without escapes, other letters than ASCII's and blanks around it. False, and
 * nothing taken, when it is anything else: json_next_element tells then. For long lists of ids.
 */
bool json_next_plain_string(struct json_cursor *cursor, struct slice *raw);

/* Takes a string: the bytes between its quotes, escapes as they stand (json_string.h decodes them). */
bool json_string_raw(struct json_cursor *cursor, struct slice *raw);

/* Takes any value whole and verbatim, with its quotes or brackets; value may be NULL. The grammar is checked. */
bool json_skip(struct json_cursor *cursor, struct slice *value);

/* True when no error came and nothing but white space is left. */
bool json_end(struct json_cursor *cursor);

/* Does a key, escapes decoded, equal name? */
bool json_key_equals(struct slice key, const char *name);

#endif
