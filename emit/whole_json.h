/*
 * A walk through JSON that was read before and is known to be whole: nothing is checked, so it costs less than json_cursor.h.
 */
#ifndef WHOLE_JSON_H
#define WHOLE_JSON_H

#include <stdbool.h>

#include "slice.h"

struct whole_json {
	const char *at; /* the next byte; an object or array ends behind it in any case */
	const char *end;
};

static inline struct whole_json whole_json(struct slice json)
{
	return (struct whole_json){json.data, json.data + json.length};
}

/* The first byte of what comes next, not taken. */
static inline char whole_json_peek(struct whole_json *json)
{
	while (*json->at == ' ' || *json->at == '\n' || *json->at == '\t' || *json->at == '\r')
		json->at++;
	return *json->at;
}

/* Takes a bracket, a colon or a quote, and the blanks before it. */
static inline void whole_json_take(struct whole_json *json)
{
	whole_json_peek(json);
	json->at++;
}

/* Is there a member or an element, after the opening bracket (first) or another? The comma or the closing bracket is taken. */
static inline bool whole_json_next(struct whole_json *json, bool first, char closing)
{
	char c = whole_json_peek(json);

	json->at += c == closing || !first;
	return c != closing;
}

/* The rest of a string, whose opening quote was taken, up to its closing quote, which is taken, too. */
struct slice whole_json_string(struct whole_json *json);

/* Takes a number, true, false or null. */
struct slice whole_json_word(struct whole_json *json);

#endif
