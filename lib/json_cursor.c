#include "json_cursor.h"

#include <stdint.h>

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

/* An error at a place of the text: the end of a pass_... */
static const char *fault(struct json_cursor *cursor, const char *at, const char *error)
{
	cursor->position_in = at;
	set_error(cursor, error);
	return NULL;
}

static inline const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* The next byte that is no white space, not taken; -1 at the end of the text or after an error. */
static int look(struct json_cursor *cursor)
{
	if (cursor->error)
		return -1;
	cursor->position_in = skip_blanks(cursor->position_in, cursor->end);
	return cursor->position_in < cursor->end ? (unsigned char)*cursor->position_in : -1;
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
static inline const char *escape_error(const char *p, const char *end, size_t *length)
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

#ifndef __SSE2__
/* Is any of eight bytes special? plain_end's two ways find the same. */
static bool has_special(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t word, quote, backslash;

	memcpy(&word, p, sizeof word);
	quote = word ^ ones * '"';
	backslash = word ^ ones * '\\';
	return (word | (word - ones * ' ') | (quote - ones) | (backslash - ones)) & tops;
}
#endif

/*
 * The first byte from p on that a string cannot simply go on with: a quote, a backslash, a control character, no
 * ASCII; end when there is none. Most of the time of a run is spent here.
 */
static inline const char *plain_end(const char *p, const char *end)
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
#else
	while (end - p >= 8 && !has_special(p))
		p += 8;
#endif
	while (p < end && (signed char)*p >= ' ' && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* Behind the closing quote of a string that goes on with something special at p, or ends with the text. */
static const char *pass_special(struct json_cursor *cursor, const char *p, bool *escaped)
{
	const char *end = cursor->end, *error;
	size_t length;

	while (p < end) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			error = escape_error(p, end, &length);
			if (error)
				return fault(cursor, p, error);
			*escaped = true;
			p += length;
		} else if ((unsigned char)*p < ' ') {
			return fault(cursor, p, "control character in a string");
		} else {
			length = utf8_length(p, end);
			if (!length)
				return fault(cursor, p, "invalid UTF-8");
			p += length;
		}
		p = plain_end(p, end);
	}
	return fault(cursor, p, "cut off within a string");
}

/* Behind the closing quote of the string whose first byte is at p; NULL and an error when it is none. */
static inline const char *pass_string(struct json_cursor *cursor, const char *p, bool *escaped)
{
	p = plain_end(p, cursor->end);
	return p < cursor->end && *p == '"' ? p + 1 : pass_special(cursor, p, escaped);
}

bool json_string_raw(struct json_cursor *cursor, struct slice *raw)
{
	const char *start, *behind;

	if (look(cursor) != '"')
		return set_error(cursor, "expected a string");
	start = cursor->position_in + 1;
	cursor->escaped = false;
	behind = pass_string(cursor, start, &cursor->escaped);
	if (!behind)
		return false;
	*raw = slice_of(start, (size_t)(behind - 1 - start));
	cursor->position_in = behind;
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

static const char *pass_literal(struct json_cursor *cursor, const char *p, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(cursor->end - p) < length || memcmp(p, word, length) != 0)
		return fault(cursor, p, "expected a value");
	return p + length;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static const char *pass_number(struct json_cursor *cursor, const char *p)
{
	const char *number = p, *end = cursor->end, *start;
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
	return good ? p : fault(cursor, number, "a number that JSON does not allow");
}

/* Behind the value that begins at p and is no container. */
static inline const char *pass_simple(struct json_cursor *cursor, const char *p)
{
	bool escaped;

	switch (p < cursor->end ? *p : '\0') {
	case '"': return pass_string(cursor, p + 1, &escaped);
	case 't': return pass_literal(cursor, p, "true");
	case 'f': return pass_literal(cursor, p, "false");
	case 'n': return pass_literal(cursor, p, "null");
	case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
		return pass_number(cursor, p);
	default:
		return fault(cursor, p, p == cursor->end ? "cut off" : "expected a value");
	}
}

/* Behind a key, its colon and blanks; p at what should be its quote. */
static inline const char *pass_key(struct json_cursor *cursor, const char *p)
{
	const char *end = cursor->end;
	bool escaped;

	if (p == end || *p != '"')
		return fault(cursor, p, p == end ? "cut off" : "expected a key in double quotes");
	p = pass_string(cursor, p + 1, &escaped);
	if (!p)
		return NULL;
	p = skip_blanks(p, end);
	return p < end && *p == ':' ? skip_blanks(p + 1, end) : fault(cursor, p, "expected : behind a key");
}

/* Behind the container that begins at p, without recursion: closing holds the brackets that the open ones need. */
static const char *pass_container(struct json_cursor *cursor, const char *p)
{
	char closing[JSON_DEPTH_LIMIT + 1];
	unsigned depth = cursor->depth, base = depth;
	const char *end = cursor->end;

	for (;;) {
		if (p < end && (*p == '{' || *p == '[')) {
			if (depth == JSON_DEPTH_LIMIT)
				return fault(cursor, p, "more than 512 levels");
			closing[++depth] = *p == '{' ? '}' : ']';
			p = skip_blanks(p + 1, end);
			if (p == end || *p != closing[depth]) {
				if (closing[depth] == '}' && !(p = pass_key(cursor, p)))
					return NULL;
				continue;
			}
		} else {
			p = pass_simple(cursor, p);
			if (!p)
				return NULL;
			p = skip_blanks(p, end);
		}
		/* Behind a value, or at the bracket that closes an empty container. */
		while (p < end && *p == closing[depth]) {
			p++;
			if (--depth == base)
				return p;
			p = skip_blanks(p, end);
		}
		if (p == end)
			return fault(cursor, p, "cut off");
		if (*p != ',')
			return fault(cursor, p, closing[depth] == '}' ? "expected , or } in an object" : "expected , or ] in an array");
		p = skip_blanks(p + 1, end);
		if (closing[depth] == '}' && !(p = pass_key(cursor, p)))
			return NULL;
	}
}

/* Behind the value that begins at p. */
static inline const char *pass_value(struct json_cursor *cursor, const char *p)
{
	return p < cursor->end && (*p == '{' || *p == '[') ? pass_container(cursor, p) : pass_simple(cursor, p);
}

bool json_skip(struct json_cursor *cursor, struct slice *value)
{
	const char *start = skip_blanks(cursor->position_in, cursor->end), *behind;

	if (cursor->error)
		return false;
	behind = pass_value(cursor, start);
	if (!behind)
		return false;
	cursor->first = false;
	cursor->position_in = behind;
	if (value)
		*value = slice_of(start, (size_t)(behind - start));
	return true;
}

bool json_key_learn(struct json_key *known, struct slice key)
{
	if (key.length < JSON_KEY_LEAST - 3 || key.length > JSON_KEY_MOST - 3)
		return false;
	known->text[0] = '"';
	memcpy(known->text + 1, key.data, key.length);
	memcpy(known->text + 1 + key.length, "\":", 2);
	known->length = (unsigned char)(key.length + 3);
	return true;
}

static inline bool same_words(const char *a, const char *b, size_t width)
{
	uint64_t left = 0, right = 0;

	memcpy(&left, a, width);
	memcpy(&right, b, width);
	return left == right;
}

/* Does the text at p begin with the key? Words that overlap, so that no call is needed. */
static inline bool is_at(const struct json_key *key, const char *p)
{
	size_t length = key->length, i = 0;

	if (length < 8)
		return same_words(p, key->text, 4) && same_words(p + length - 4, key->text + length - 4, 4);
	for (; i + 8 < length; i += 8)
		if (!same_words(p + i, key->text + i, 8))
			return false;
	return same_words(p + length - 8, key->text + length - 8, 8);
}

struct json_key *json_next_wanted(struct json_cursor *cursor, struct json_key ***place)
{
	const char *p = cursor->position_in, *end = cursor->end;
	bool first = cursor->first;
	struct json_key *key;

	while (!cursor->error && (key = **place) && end - p > key->length + 1 && (first || *p == ',') && is_at(key, p + !first)) {
		p += !first + key->length;
		first = cursor->first = cursor->escaped = false;
		*place = &key->next;
		if (!key->wanted)
			p = pass_value(cursor, skip_blanks(p, end));
		if (!p)
			return NULL;
		cursor->position_in = p;
		if (key->wanted)
			return key;
	}
	return NULL;
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
