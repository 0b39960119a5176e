#include <strings.h>

#include "format.h"
#include "json_cursor.h"
#include "json_string.h"

static void add_indent(struct buffer *yaml, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buffer_add_string(yaml, "  ");
}

/* Words that some reader takes for a truth value or for nothing (YAML 1.1: also yes, on, y). */
static bool is_reserved(struct slice text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text.length == strlen(words[i]) && strncasecmp(text.data, words[i], text.length) == 0)
			return true;
	return false;
}

/*
 * May the text stand without quotes? Only what begins with a letter, so it is no number, date or indicator in any
 * version of YAML, and holds nothing that could end it or begin a comment.
 */
static bool is_plain(struct slice text)
{
	if (!text.length || text.length > 200 || is_reserved(text))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i], next = i + 1 < text.length ? text.data[i + 1] : ' ';
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (letter || (i && ((c >= '0' && c <= '9') || strchr("-_./@+()", c))))
			continue;
		if (i && ((c == ':' && next != ' ') || (c == ' ' && next != ' ' && next != '#')))
			continue;
		return false;
	}
	return text.data[text.length - 1] != ' ' && text.data[text.length - 1] != ':';
}

/* What a double-quoted YAML string must escape beyond JSON: no line break, nothing that is not printable (YAML 1.2, 5.1). */
static bool needs_escape(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff || (c & 0xfffe) == 0xfffe
		|| (c >= 0xfdd0 && c <= 0xfdef);
}

static void add_quoted(struct buffer *yaml, struct slice text)
{
	const char *p = text.data, *end = text.data + text.length;

	buffer_add_byte(yaml, '"');
	while (p < end) {
		const char *start = p;
		int32_t c = utf8_next(&p, end);

		if (c == '"' || c == '\\')
			buffer_add_format(yaml, "\\%c", (char)c);
		else if (c == '\n' || c == '\t' || c == '\r')
			buffer_add_format(yaml, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
		else if (c > 0xffff && needs_escape(c))
			buffer_add_format(yaml, "\\U%08x", (unsigned)c);
		else if (needs_escape(c))
			buffer_add_format(yaml, "\\u%04x", (unsigned)c);
		else
			buffer_add(yaml, start, (size_t)(p - start));
	}
	buffer_add_byte(yaml, '"');
}

static void add_raw_string(struct buffer *yaml, struct slice raw, bool quoted)
{
	struct buffer text = BUFFER_EMPTY;
	struct slice decoded;

	json_string_decode(raw, &text);
	decoded = slice_of(text.data, text.length);
	if (!quoted && is_plain(decoded))
		buffer_add(yaml, decoded.data, decoded.length);
	else
		add_quoted(yaml, decoded);
	buffer_free(&text);
}

/* 1e3 is text for readers of YAML 1.1, which want 1.0e+3. */
static void add_number(struct buffer *yaml, struct slice number)
{
	size_t mantissa = strcspn(number.data, "eE,]} \t\r\n");

	if (mantissa >= number.length) {
		buffer_add(yaml, number.data, number.length);
		return;
	}
	buffer_add(yaml, number.data, mantissa);
	if (!memchr(number.data, '.', mantissa))
		buffer_add_string(yaml, ".0");
	buffer_add_byte(yaml, 'e');
	if (number.data[mantissa + 1] != '-' && number.data[mantissa + 1] != '+')
		buffer_add_byte(yaml, '+');
	buffer_add(yaml, number.data + mantissa + 1, number.length - mantissa - 1);
}

static void add_value(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array);

static void add_object(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array)
{
	struct slice key;
	bool first = true;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		/* The first key of an array's element stands behind the dash. */
		if (first && !in_array && depth)
			buffer_add_byte(yaml, '\n');
		if (!(first && in_array))
			add_indent(yaml, depth);
		first = false;
		add_raw_string(yaml, key, false);
		buffer_add_byte(yaml, ':');
		add_value(cursor, yaml, depth + 1, false);
	}
	if (first)
		buffer_add_string(yaml, in_array ? "{}\n" : " {}\n");
}

static void add_array(struct json_cursor *cursor, struct buffer *yaml, unsigned depth, bool in_array)
{
	bool first = true;

	json_enter_array(cursor);
	while (json_next_element(cursor)) {
		if (first && !in_array)
			buffer_add_byte(yaml, '\n');
		if (!(first && in_array))
			add_indent(yaml, depth);
		first = false;
		buffer_add_string(yaml, "- ");
		add_value(cursor, yaml, depth + 1, true);
	}
	if (first)
		buffer_add_string(yaml, in_array ? "[]\n" : " []\n");
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
		buffer_add_byte(yaml, ' ');
	if (type == JSON_STRING && json_string_raw(cursor, &value))
		add_raw_string(yaml, value, false);
	else if (json_skip(cursor, &value) && type == JSON_NUMBER)
		add_number(yaml, value);
	else
		buffer_add(yaml, value.data, value.length);
	buffer_add_byte(yaml, '\n');
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
		buffer_add_byte(yaml, '{');
		for (; json_next_member(cursor, &key); first = false) {
			buffer_add_string(yaml, first ? "" : ", ");
			add_raw_string(yaml, key, true);
			buffer_add_string(yaml, ": ");
			add_flow(cursor, yaml);
		}
		buffer_add_byte(yaml, '}');
	} else if (type == JSON_ARRAY) {
		json_enter_array(cursor);
		buffer_add_byte(yaml, '[');
		for (; json_next_element(cursor); first = false) {
			buffer_add_string(yaml, first ? "" : ", ");
			add_flow(cursor, yaml);
		}
		buffer_add_byte(yaml, ']');
	} else if (type == JSON_STRING && json_string_raw(cursor, &value)) {
		add_raw_string(yaml, value, true);
	} else if (json_skip(cursor, &value) && type == JSON_NUMBER) {
		add_number(yaml, value);
	} else {
		buffer_add(yaml, value.data, value.length);
	}
}

void format_yaml_flow(struct slice json, struct buffer *yaml)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);

	add_flow(&cursor, yaml);
}
