#include "json_cursor.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "buffer.h"
#include "json_string.h"

struct json_cursor json_cursor(const char *bytes, size_t length)
{
	return (struct json_cursor){bytes, bytes, bytes + length, NULL, 0, 0, false, false};
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

/* What is wrong with the escape at p (its backslash), or NULL with *length of it. */
static const char *escape_error(const char *p, const char *end, size_t *length)
{
	static const char cut_off[] = "cut off within a string";

	if (end - p < 2)
		return cut_off;
	switch (p[1]) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
		*length = 2;
		return NULL;
	case 'u':
		if (end - p < 6)
			return cut_off;
		*length = 6;
		return is_hex(p[2]) && is_hex(p[3]) && is_hex(p[4]) && is_hex(p[5]) ? NULL : "\\u without four hexadecimal digits";
	default:
		return "unknown escape in a string";
	}
}

/*
 * The first byte from p on that a string cannot simply go on with: a quote, a backslash, a control character, no
 * ASCII; end when there is none. Most of the time of a run is spent here.
 */
static const char *plain_end(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), blank = _mm_set1_epi8(' ');

	for (; end - p >= 16; p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* Compared as signed numbers, what is no ASCII is less than a blank, too. */
		__m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
			_mm_cmplt_epi8(bytes, blank));
		unsigned found = (unsigned)_mm_movemask_epi8(special);

		if (found)
			return p + __builtin_ctz(found);
	}
#endif
	while (p < end && (signed char)*p >= ' ' && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The closing quote of the string whose first byte is at *position; NULL and *error with *position where it is. */
static inline const char *string_end(const char **position, const char *end, const char **error, bool *escaped)
{
	const char *p = *position;

	for (;;) {
		size_t length;

		p = plain_end(p, end);
		*position = p;
		*error = NULL;
		if (p == end)
			*error = "cut off within a string";
		else if (*p == '"')
			return p;
		else if (*p == '\\')
			*error = escape_error(p, end, &length);
		else if ((unsigned char)*p < 0x20)
			*error = "control character in a string";
		if (*error)
			return NULL;
		if (*p == '\\') {
			*escaped = true;
			p += length;
		} else if (utf8_next(&p, end) < 0) {
			*error = "invalid UTF-8";
			return NULL;
		}
	}
}

bool json_string_raw(struct json_cursor *cursor, struct slice *raw)
{
	const char *start, *end, *error;

	if (look(cursor) != '"')
		return set_error(cursor, "expected a string");
	start = ++cursor->position_in;
	cursor->escaped = false;
	end = string_end(&cursor->position_in, cursor->end, &error, &cursor->escaped);
	if (!end)
		return set_error(cursor, error);
	*raw = slice_of(start, (size_t)(end - start));
	cursor->position_in++;
	return true;
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

bool json_next_member_is(struct json_cursor *cursor, struct slice key)
{
	const char *p = cursor->position_in + !cursor->first;

	if (cursor->error || cursor->end - cursor->position_in <= (ptrdiff_t)key.length || (!cursor->first && p[-1] != ',')
		|| memcmp(p, key.data, key.length) != 0)
		return false;
	cursor->first = cursor->escaped = false;
	cursor->position_in = p + key.length;
	return true;
}

bool json_next_element(struct json_cursor *cursor)
{
	return next(cursor, ']', "expected , or ] in an array");
}

bool json_next_plain_string(struct json_cursor *cursor, struct slice *raw)
{
	const char *p = cursor->position_in + !cursor->first, *end;

	if (cursor->error || cursor->end - cursor->position_in < 3 || (!cursor->first && p[-1] != ',') || *p != '"')
		return false;
	end = plain_end(p + 1, cursor->end);
	if (end == cursor->end || *end != '"' || end == p + 1)
		return false;
	*raw = slice_of(p + 1, (size_t)(end - p - 1));
	cursor->first = cursor->escaped = false;
	cursor->position_in = end + 1;
	return true;
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

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* Takes a key and its colon, position_in at what should be its quote. */
static bool skip_key(struct json_cursor *cursor)
{
	const char *p = cursor->position_in, *error;
	bool escaped;

	if (p == cursor->end || *p != '"')
		return set_error(cursor, p == cursor->end ? "cut off" : "expected a key in double quotes");
	cursor->position_in++;
	if (!string_end(&cursor->position_in, cursor->end, &error, &escaped))
		return set_error(cursor, error);
	p = skip_blanks(cursor->position_in + 1, cursor->end);
	cursor->position_in = p;
	if (p == cursor->end || *p != ':')
		return set_error(cursor, "expected : behind a key");
	cursor->position_in = skip_blanks(p + 1, cursor->end);
	return true;
}

/* Takes the value that begins at position_in if it is no container. */
static inline bool skip_value(struct json_cursor *cursor)
{
	const char *error;
	bool escaped;

	switch (cursor->position_in < cursor->end ? *cursor->position_in : '\0') {
	case '"':
		cursor->position_in++;
		if (!string_end(&cursor->position_in, cursor->end, &error, &escaped))
			return set_error(cursor, error);
		cursor->position_in++;
		return true;
	case 't': return skip_literal(cursor, "true");
	case 'f': return skip_literal(cursor, "false");
	case 'n': return skip_literal(cursor, "null");
	case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
		return skip_number(cursor);
	default:
		return set_error(cursor, cursor->position_in == cursor->end ? "cut off" : "expected a value");
	}
}

/* Takes the container that begins at position_in, without recursion: brackets holds the open ones. */
static bool skip_container(struct json_cursor *cursor)
{
	char brackets[JSON_DEPTH_LIMIT + 1];
	unsigned base = cursor->depth;
	const char *end = cursor->end;

	for (;;) {
		char c = cursor->position_in < end ? *cursor->position_in : '\0';

		if (c == '{' || c == '[') {
			if (cursor->depth == JSON_DEPTH_LIMIT)
				return set_error(cursor, "more than 512 levels");
			brackets[++cursor->depth] = c == '{' ? '}' : ']';
			cursor->position_in = skip_blanks(cursor->position_in + 1, end);
			if (cursor->position_in == end || *cursor->position_in != brackets[cursor->depth]) {
				if (c == '{' && !skip_key(cursor))
					return false;
				continue;
			}
		} else {
			if (!skip_value(cursor))
				return false;
			cursor->position_in = skip_blanks(cursor->position_in, end);
		}
		/* Behind a value, or at the bracket that closes an empty container. */
		while (cursor->position_in < end && *cursor->position_in == brackets[cursor->depth]) {
			cursor->position_in++;
			if (--cursor->depth == base)
				return true;
			cursor->position_in = skip_blanks(cursor->position_in, end);
		}
		if (cursor->position_in == end)
			return set_error(cursor, "cut off");
		if (*cursor->position_in != ',')
			return set_error(cursor, brackets[cursor->depth] == '}' ? "expected , or } in an object" : "expected , or ] in an array");
		cursor->position_in = skip_blanks(cursor->position_in + 1, end);
		if (brackets[cursor->depth] == '}' && !skip_key(cursor))
			return false;
	}
}

bool json_skip(struct json_cursor *cursor, struct slice *value)
{
	const char *start = cursor->position_in, *end;
	bool good;
	int c;

	/* What comes most, a string of plain letters with no blank before it. */
	if (start < cursor->end && *start == '"' && !cursor->error) {
		end = plain_end(start + 1, cursor->end);
		if (end < cursor->end && *end == '"') {
			cursor->position_in = end + 1;
			cursor->first = false;
			if (value)
				*value = slice_of(start, (size_t)(end + 1 - start));
			return true;
		}
	}
	c = look(cursor);
	start = cursor->position_in;
	if (cursor->error)
		return false;
	good = c == '{' || c == '[' ? skip_container(cursor) : skip_value(cursor);
	if (!good)
		return false;
	cursor->first = false;
	if (value)
		*value = slice_of(start, (size_t)(cursor->position_in - start));
	return true;
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
