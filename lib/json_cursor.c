#include "json_cursor.h"

#include "buffer.h"
#include "json_string.h"

struct json_cursor json_cursor(const char *bytes, size_t length)
{
	return (struct json_cursor){bytes, bytes, bytes + length, NULL, 0, 0, false};
}

static bool set_error(struct json_cursor *cursor, const char *error)
{
	if (!cursor->error) {
		cursor->error = error;
		cursor->position = (size_t)(cursor->position_in - cursor->start);
	}
	return false;
}

/* The next byte that is no white space, not taken; -1 at the end of the text or after an error. */
static int look(struct json_cursor *cursor)
{
	if (cursor->error)
		return -1;
	while (cursor->position_in < cursor->end) {
		char c = *cursor->position_in;

		if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
			return (unsigned char)c;
		cursor->position_in++;
	}
	return -1;
}

enum json_type json_peek(struct json_cursor *cursor)
{
	int c = look(cursor);

	switch (c) {
	case '{': return JSON_OBJECT;
	case '[': return JSON_ARRAY;
	case '"': return JSON_STRING;
	case 't': return JSON_TRUE;
	case 'f': return JSON_FALSE;
	case 'n': return JSON_NULL;
	default: return c == '-' || (c >= '0' && c <= '9') ? JSON_NUMBER : JSON_NONE;
	}
}

static bool enter(struct json_cursor *cursor, int bracket, const char *error)
{
	if (look(cursor) != bracket)
		return set_error(cursor, error);
	if (cursor->depth == JSON_DEPTH_LIMIT)
		return set_error(cursor, "more than 512 levels");
	cursor->depth++;
	cursor->position_in++;
	cursor->first = true;
	return true;
}

bool json_enter_object(struct json_cursor *cursor)
{
	return enter(cursor, '{', "expected an object");
}

bool json_enter_array(struct json_cursor *cursor)
{
	return enter(cursor, '[', "expected an array");
}

/* Takes the comma or the closing bracket; true when a member or element follows. */
static bool next(struct json_cursor *cursor, int bracket, const char *error)
{
	int c = look(cursor);

	if (c == bracket) {
		cursor->position_in++;
		cursor->depth--;
		cursor->first = false;
		return false;
	}
	if (!cursor->first) {
		if (c != ',')
			return set_error(cursor, c < 0 ? "cut off" : error);
		cursor->position_in++;
	}
	cursor->first = false;
	return !cursor->error;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Takes an escape, position_in at the backslash. */
static bool take_escape(struct json_cursor *cursor)
{
	const char *p = cursor->position_in + 1;

	if (p == cursor->end)
		return set_error(cursor, "cut off within a string");
	switch (*p) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
		cursor->position_in += 2;
		return true;
	case 'u':
		if (cursor->end - p < 5)
			return set_error(cursor, "cut off within a string");
		if (!is_hex(p[1]) || !is_hex(p[2]) || !is_hex(p[3]) || !is_hex(p[4]))
			return set_error(cursor, "\\u without four hexadecimal digits");
		cursor->position_in += 6;
		return true;
	default:
		return set_error(cursor, "unknown escape in a string");
	}
}

bool json_string_raw(struct json_cursor *cursor, struct slice *raw)
{
	const char *start;

	if (look(cursor) != '"')
		return set_error(cursor, "expected a string");
	start = ++cursor->position_in;
	while (cursor->position_in < cursor->end) {
		unsigned char c = (unsigned char)*cursor->position_in;

		if (c == '"') {
			*raw = slice_of(start, (size_t)(cursor->position_in - start));
			cursor->position_in++;
			return true;
		}
		if (c < 0x20)
			return set_error(cursor, "control character in a string");
		if (c < 0x80 && c != '\\') {
			cursor->position_in++;
		} else if (c == '\\') {
			if (!take_escape(cursor))
				return false;
		} else {
			const char *p = cursor->position_in;

			if (utf8_next(&p, cursor->end) < 0)
				return set_error(cursor, "invalid UTF-8");
			cursor->position_in = p;
		}
	}
	return set_error(cursor, "cut off within a string");
}

bool json_next_member(struct json_cursor *cursor, struct slice *key)
{
	if (!next(cursor, '}', "expected , or } in an object"))
		return false;
	if (!json_string_raw(cursor, key)) {
		if (cursor->error[0] == 'e')
			cursor->error = "expected a key in double quotes";
		return false;
	}
	if (look(cursor) != ':')
		return set_error(cursor, "expected : behind a key");
	cursor->position_in++;
	return true;
}

bool json_next_element(struct json_cursor *cursor)
{
	return next(cursor, ']', "expected , or ] in an array");
}

static bool skip_literal(struct json_cursor *cursor, const char *word)
{
	const char *p = cursor->position_in;

	for (; *word; word++, p++)
		if (p == cursor->end || *p != *word)
			return set_error(cursor, "expected a value");
	cursor->position_in = p;
	return true;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static bool skip_number(struct json_cursor *cursor)
{
	const char *p = cursor->position_in, *end = cursor->end, *start;
	bool good;

	p += *p == '-';
	start = p;
	p = skip_digits(p, end);
	good = p > start && (*start != '0' || p - start == 1);
	if (p < end && *p == '.') {
		start = ++p;
		p = skip_digits(p, end);
		good = good && p > start;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		start = p;
		p = skip_digits(p, end);
		good = good && p > start;
	}
	if (!good)
		return set_error(cursor, "a number that JSON does not allow");
	cursor->position_in = p;
	return true;
}

static bool skip_scalar(struct json_cursor *cursor, enum json_type type)
{
	struct slice ignored;

	switch (type) {
	case JSON_STRING: return json_string_raw(cursor, &ignored);
	case JSON_NUMBER: return skip_number(cursor);
	case JSON_TRUE: return skip_literal(cursor, "true");
	case JSON_FALSE: return skip_literal(cursor, "false");
	case JSON_NULL: return skip_literal(cursor, "null");
	default: return set_error(cursor, look(cursor) < 0 ? "cut off" : "expected a value");
	}
}

/* Behind an opening bracket: takes everything to its closing one, without recursion. */
static bool skip_rest(struct json_cursor *cursor, bool in_object)
{
	bool objects[JSON_DEPTH_LIMIT + 1];
	unsigned base = cursor->depth;
	struct slice key;

	objects[cursor->depth] = in_object;
	while (cursor->depth >= base) {
		enum json_type type;

		if (!(objects[cursor->depth] ? json_next_member(cursor, &key) : json_next_element(cursor))) {
			if (cursor->error)
				return false;
			continue;
		}
		type = json_peek(cursor);
		if (type == JSON_OBJECT || type == JSON_ARRAY) {
			if (!(type == JSON_OBJECT ? json_enter_object(cursor) : json_enter_array(cursor)))
				return false;
			objects[cursor->depth] = type == JSON_OBJECT;
		} else if (!skip_scalar(cursor, type)) {
			return false;
		}
	}
	return true;
}

bool json_skip(struct json_cursor *cursor, struct slice *value)
{
	enum json_type type = json_peek(cursor);
	const char *start = cursor->position_in;
	bool good;

	if (type == JSON_OBJECT)
		good = json_enter_object(cursor) && skip_rest(cursor, true);
	else if (type == JSON_ARRAY)
		good = json_enter_array(cursor) && skip_rest(cursor, false);
	else
		good = skip_scalar(cursor, type);
	if (good && value)
		*value = slice_of(start, (size_t)(cursor->position_in - start));
	return good;
}

bool json_end(struct json_cursor *cursor)
{
	if (look(cursor) >= 0)
		return set_error(cursor, "something behind the end of the value");
	return !cursor->error;
}

bool json_key_equals(struct slice key, const char *name)
{
	struct buffer text = BUFFER_EMPTY;
	bool equal;

	if (!memchr(key.data, '\\', key.length))
		return slice_equals(key, name);
	json_string_decode(key, &text);
	equal = slice_equals(slice_of(text.data, text.length), name);
	buffer_free(&text);
	return equal;
}
