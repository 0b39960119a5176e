#include <strings.h>

#include "format.h"
#include "json_cursor.h"
#include "json_string.h"

/* buffer_add where there is room, as there mostly is: every token passes here. */
static inline void put(struct buffer *yaml, const char *bytes, size_t length)
{
	if (yaml->capacity - yaml->length <= length) {
		buffer_add(yaml, bytes, length);
		return;
	}
	memcpy(yaml->data + yaml->length, bytes, length);
	yaml->length += length;
}

static inline void put_string(struct buffer *yaml, const char *string)
{
	put(yaml, string, strlen(string));
}

static void add_indent(struct buffer *yaml, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		put(yaml, "  ", 2);
}

/* Words that some reader takes for a truth value or for nothing (YAML 1.1: also yes, on, y). */
static bool is_reserved(struct slice text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"};

	for (size_t i = 0; text.length <= 5 && i < sizeof words / sizeof *words; i++)
		if (text.length == strlen(words[i]) && strncasecmp(text.data, words[i], text.length) == 0)
			return true;
	return false;
}

/* Where each byte may stand in text without quotes; / lies between - . and the digits. */
enum { PLAIN_NEVER, PLAIN_FIRST, PLAIN_INSIDE, PLAIN_COLON, PLAIN_BLANK };

static inline int plain_class(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return PLAIN_FIRST;
	if ((c >= '-' && c <= '9') || c == '_' || c == '@' || c == '+' || c == '(' || c == ')')
		return PLAIN_INSIDE;
	return c == ':' ? PLAIN_COLON : c == ' ' ? PLAIN_BLANK : PLAIN_NEVER;
}

/*
 * May the text stand without quotes? Only what begins with a letter, so it is no number, date or indicator in any
 * version of YAML, and holds nothing that could end it or begin a comment.
 */
static bool is_plain(struct slice text)
{
	int before = PLAIN_FIRST;

	if (!text.length || text.length > 200 || plain_class(text.data[0]) != PLAIN_FIRST || is_reserved(text))
		return false;
	for (size_t i = 1; i < text.length; i++) {
		int class = plain_class(text.data[i]);

		/* A blank behind a colon makes a key of what stands before, two blanks are one to readers. */
		if (class == PLAIN_NEVER || (class == PLAIN_BLANK && before >= PLAIN_COLON))
			return false;
		before = class;
	}
	return before < PLAIN_COLON;
}

/* What a double-quoted YAML string must escape beyond JSON: no line break, nothing that is not printable (YAML 1.2, 5.1). */
static bool needs_escape(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff
		|| (c >= 0xfdd0 && c <= 0xfdef);
}

static void add_escaped(struct buffer *yaml, int32_t c)
{
	switch (c) {
	case '"': put(yaml, "\\\"", 2); return;
	case '\\': put(yaml, "\\\\", 2); return;
	case '\n': put(yaml, "\\n", 2); return;
	case '\t': put(yaml, "\\t", 2); return;
	case '\r': put(yaml, "\\r", 2); return;
	default: buffer_add_format(yaml, "\\u%04x", (unsigned)c);
	}
}

static void add_quoted(struct buffer *yaml, struct slice text)
{
	const char *p = text.data, *end = text.data + text.length, *run = p;

	put(yaml, "\"", 1);
	while (p < end) {
		const char *start = p;
		int32_t c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
			p++;
			continue;
		}
		c = utf8_next(&p, end);
		if (c != '"' && c != '\\' && !needs_escape(c))
			continue;
		put(yaml, run, (size_t)(start - run));
		add_escaped(yaml, c);
		run = p;
	}
	put(yaml, run, (size_t)(end - run));
	put(yaml, "\"", 1);
}

static void add_text(struct buffer *yaml, struct slice text, bool quoted)
{
	if (!quoted && is_plain(text))
		put(yaml, text.data, text.length);
	else
		add_quoted(yaml, text);
}

static void add_raw_string(struct buffer *yaml, struct slice raw, bool quoted)
{
	struct buffer text = BUFFER_EMPTY;

	if (!raw.length || !memchr(raw.data, '\\', raw.length)) {
		add_text(yaml, raw, quoted);
		return;
	}
	json_string_decode(raw, &text);
	add_text(yaml, slice_of(text.data, text.length), quoted);
	buffer_free(&text);
}

struct slice format_yaml_text(struct slice written, struct buffer *text)
{
	if (written.length < 2 || written.data[0] != '"')
		return written;
	/* JSON has the double quotes that are written here, too. */
	buffer_clear(text);
	json_string_decode(slice_of(written.data + 1, written.length - 2), text);
	return slice_of(text->data, text->length);
}

/* Readers look for the colon no further than 1,024 characters behind the begin of a key, unless it is announced. */
enum { SHORT_KEY = 1000 };

static bool is_long_key(struct slice key)
{
	struct buffer written = BUFFER_EMPTY;
	bool is_long;

	if (key.length < SHORT_KEY / 6)
		return false;
	add_raw_string(&written, key, true);
	is_long = written.length > SHORT_KEY;
	buffer_free(&written);
	return is_long;
}

/* 1e3 is text for readers of YAML 1.1, which want 1.0e+3. */
static void add_number(struct buffer *yaml, struct slice number)
{
	size_t mantissa = 0;

	while (mantissa < number.length && (number.data[mantissa] | 0x20) != 'e')
		mantissa++;
	if (mantissa == number.length) {
		put(yaml, number.data, number.length);
		return;
	}
	put(yaml, number.data, mantissa);
	if (!memchr(number.data, '.', mantissa))
		put_string(yaml, ".0");
	put(yaml, "e", 1);
	if (number.data[mantissa + 1] != '-' && number.data[mantissa + 1] != '+')
		put(yaml, "+", 1);
	put(yaml, number.data + mantissa + 1, number.length - mantissa - 1);
}

static void add_value(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array);

static void add_block_key(struct buffer *yaml, struct slice key, unsigned depth)
{
	bool is_long = is_long_key(key);

	if (is_long)
		put(yaml, "? ", 2);
	add_raw_string(yaml, key, false);
	if (is_long) {
		put(yaml, "\n", 1);
		add_indent(yaml, depth);
	}
	put(yaml, ":", 1);
}

static void add_object(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array)
{
	struct slice key;
	bool first = true;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		/* The first key of an array's element stands behind the dash. */
		if (first && !in_array && depth)
			put(yaml, "\n", 1);
		if (!(first && in_array))
			add_indent(yaml, depth);
		first = false;
		add_block_key(yaml, key, depth);
		add_value(cursor, yaml, depth + 1, false);
	}
	if (first)
		put_string(yaml, in_array ? "{}\n" : " {}\n");
}

static void add_array(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array)
{
	bool first = true;

	json_enter_array(cursor);
	while (json_next_element(cursor)) {
		if (first && !in_array)
			put(yaml, "\n", 1);
		if (!(first && in_array))
			add_indent(yaml, depth);
		first = false;
		put_string(yaml, "- ");
		add_value(cursor, yaml, depth + 1, true);
	}
	if (first)
		put_string(yaml, in_array ? "[]\n" : " []\n");
}

static void add_value(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array)
{
	enum json_type type = json_peek(cursor);
	struct slice value;

	if (type == JSON_OBJECT || type == JSON_ARRAY) {
		(type == JSON_OBJECT ? add_object : add_array)(cursor, yaml, depth, in_array);
		return;
	}
	if (!in_array)
		put(yaml, " ", 1);
	if (type == JSON_STRING && json_string_raw(cursor, &value))
		add_raw_string(yaml, value, false);
	else if (json_skip(cursor, &value) && type == JSON_NUMBER)
		add_number(yaml, value);
	else
		put(yaml, value.data, value.length);
	put(yaml, "\n", 1);
}

void format_yaml(struct slice json, struct buffer *yaml)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);

	add_object(&cursor, yaml, 0, false);
}

static void add_flow(struct json_cursor *cursor, struct buffer *yaml)
{
	enum json_type type = json_peek(cursor);
	struct slice value, key;
	bool first = true;

	if (type == JSON_OBJECT) {
		json_enter_object(cursor);
		put(yaml, "{", 1);
		for (; json_next_member(cursor, &key); first = false) {
			put_string(yaml, first ? "" : ", ");
			if (is_long_key(key))
				put_string(yaml, "? ");
			add_raw_string(yaml, key, true);
			put_string(yaml, ": ");
			add_flow(cursor, yaml);
		}
		put(yaml, "}", 1);
	} else if (type == JSON_ARRAY) {
		json_enter_array(cursor);
		put(yaml, "[", 1);
		for (; json_next_element(cursor); first = false) {
			put_string(yaml, first ? "" : ", ");
			add_flow(cursor, yaml);
		}
		put(yaml, "]", 1);
	} else if (type == JSON_STRING && json_string_raw(cursor, &value)) {
		add_raw_string(yaml, value, true);
	} else if (json_skip(cursor, &value) && type == JSON_NUMBER) {
		add_number(yaml, value);
	} else {
		put(yaml, value.data, value.length);
	}
}

void format_yaml_flow(struct slice json, struct buffer *yaml)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);

	add_flow(&cursor, yaml);
}
