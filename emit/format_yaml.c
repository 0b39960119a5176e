#include "format.h"
#include "json_string.h"
#include "whole_json.h"
#include "yaml_plain.h"

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
	if (!quoted && yaml_is_plain(text))
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

struct string {
	struct slice raw;
	bool as_it_is; /* raw is the text, and needs no escapes */
	bool fit;      /* and by yaml_scan no quotes */
};

/* Takes a string, most of which are plain to the end. */
static struct string take_string(struct whole_json *json)
{
	struct string string;
	const char *stop;

	whole_json_take(json);
	stop = yaml_scan(json->at, json->end, &string.fit);
	string.as_it_is = *stop == '"';
	if (string.as_it_is) {
		string.raw = slice_of(json->at, (size_t)(stop - json->at));
		json->at = stop + 1;
	} else {
		string.raw = whole_json_string(json);
	}
	return string;
}

static void add_string(struct buffer *yaml, struct string string, bool quoted)
{
	if (!string.as_it_is) {
		add_raw_string(yaml, string.raw, quoted);
		return;
	}
	quoted = quoted || !string.fit || !yaml_fits(string.raw);
	if (quoted)
		put(yaml, "\"", 1);
	put(yaml, string.raw.data, string.raw.length);
	if (quoted)
		put(yaml, "\"", 1);
}

static void add_word(struct whole_json *json, struct buffer *yaml)
{
	struct slice word = whole_json_word(json);

	if (word.data[0] == '-' || (word.data[0] >= '0' && word.data[0] <= '9'))
		add_number(yaml, word);
	else
		put(yaml, word.data, word.length);
}

static void add_value(struct whole_json *json, struct buffer *yaml, unsigned depth, bool in_array);

/* A key and its colon. */
static void add_key(struct whole_json *json, struct buffer *yaml, unsigned depth, bool flow)
{
	struct string key = take_string(json);
	bool is_long = is_long_key(key.raw);

	if (is_long)
		put(yaml, "? ", 2);
	add_string(yaml, key, flow);
	if (is_long && !flow) {
		put(yaml, "\n", 1);
		add_indent(yaml, depth);
	}
	put(yaml, ":", 1);
	whole_json_take(json);
}

static void add_object(struct whole_json *json, struct buffer *yaml, unsigned depth, bool in_array)
{
	bool first;

	whole_json_take(json);
	for (first = true; whole_json_next(json, first, '}'); first = false) {
		/* The first key of an array's element stands behind the dash. */
		if (first && !in_array && depth)
			put(yaml, "\n", 1);
		if (!(first && in_array))
			add_indent(yaml, depth);
		add_key(json, yaml, depth, false);
		add_value(json, yaml, depth + 1, false);
	}
	if (first)
		put_string(yaml, in_array ? "{}\n" : " {}\n");
}

static void add_array(struct whole_json *json, struct buffer *yaml, unsigned depth, bool in_array)
{
	bool first;

	whole_json_take(json);
	for (first = true; whole_json_next(json, first, ']'); first = false) {
		if (first && !in_array)
			put(yaml, "\n", 1);
		if (!(first && in_array))
			add_indent(yaml, depth);
		put(yaml, "- ", 2);
		add_value(json, yaml, depth + 1, true);
	}
	if (first)
		put_string(yaml, in_array ? "[]\n" : " []\n");
}

static void add_value(struct whole_json *json, struct buffer *yaml, unsigned depth, bool in_array)
{
	char c = whole_json_peek(json);

	if (c == '{' || c == '[') {
		(c == '{' ? add_object : add_array)(json, yaml, depth, in_array);
		return;
	}
	if (!in_array)
		put(yaml, " ", 1);
	if (c == '"')
		add_string(yaml, take_string(json), false);
	else
		add_word(json, yaml);
	put(yaml, "\n", 1);
}

void format_yaml(struct slice text, struct buffer *yaml)
{
	struct whole_json json = whole_json(text);

	add_object(&json, yaml, 0, false);
}

static void add_flow(struct whole_json *json, struct buffer *yaml)
{
	char c = whole_json_peek(json);

	if (c == '"') {
		add_string(yaml, take_string(json), true);
	} else if (c == '{') {
		whole_json_take(json);
		put(yaml, "{", 1);
		for (bool first = true; whole_json_next(json, first, '}'); first = false) {
			put_string(yaml, first ? "" : ", ");
			add_key(json, yaml, 0, true);
			put(yaml, " ", 1);
			add_flow(json, yaml);
		}
		put(yaml, "}", 1);
	} else if (c == '[') {
		whole_json_take(json);
		put(yaml, "[", 1);
		for (bool first = true; whole_json_next(json, first, ']'); first = false) {
			put_string(yaml, first ? "" : ", ");
			add_flow(json, yaml);
		}
		put(yaml, "]", 1);
	} else {
		add_word(json, yaml);
	}
}

void format_yaml_flow(struct slice text, struct buffer *yaml)
{
	struct whole_json json = whole_json(text);

	add_flow(&json, yaml);
}
