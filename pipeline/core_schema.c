#include "core_schema.h"

#include <stdlib.h>
#include <string.h>

#include "json_string.h"

static bool is_one_of(struct slice text, const char *const *words)
{
	for (; *words; words++)
		if (slice_equals(text, *words))
			return true;
	return false;
}

static size_t digits(struct slice text, size_t from)
{
	size_t i = from;

	while (i < text.length && text.data[i] >= '0' && text.data[i] <= '9')
		i++;
	return i - from;
}

/* [-+]?[0-9]+ or [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_number(struct slice text)
{
	size_t i = text.length && strchr("+-", text.data[0]) ? 1 : 0, whole = digits(text, i), part = 0, exponent;

	i += whole;
	if (i < text.length && text.data[i] == '.') {
		part = digits(text, i + 1);
		i += 1 + part;
	}
	if (!whole && !part)
		return false;
	if (i < text.length && (text.data[i] == 'e' || text.data[i] == 'E')) {
		i++;
		if (i < text.length && strchr("+-", text.data[i]))
			i++;
		exponent = digits(text, i);
		if (!exponent)
			return false;
		i += exponent;
	}
	return i == text.length;
}

/* As JSON spells it: no plus sign, no leading zeros, digits on both sides of the point. */
static void add_number(struct buffer *json, struct slice text)
{
	size_t i = 0, whole;

	if (text.data[0] == '-')
		buffer_add_byte(json, '-');
	i += strchr("+-", text.data[0]) != NULL;
	while (i + 1 < text.length && text.data[i] == '0' && text.data[i + 1] >= '0' && text.data[i + 1] <= '9')
		i++;
	whole = digits(text, i);
	if (!whole)
		buffer_add_byte(json, '0');
	buffer_add(json, text.data + i, whole);
	i += whole;
	if (i < text.length && text.data[i] == '.') {
		size_t part = digits(text, i + 1);

		if (part)
			buffer_add(json, text.data + i, part + 1);
		i += part + 1;
	}
	buffer_add(json, text.data + i, text.length - i);
}

/* 0o17, 0x1F: decimal, as long as it fits. */
static bool add_other_base(struct buffer *json, struct slice text)
{
	char copy[20], *end;
	unsigned long long value;

	if (text.length < 3 || text.length >= sizeof copy || text.data[0] != '0' || (text.data[1] != 'o' && text.data[1] != 'x'))
		return false;
	memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	if (strchr("+- ", copy[2]))
		return false;
	value = strtoull(copy + 2, &end, copy[1] == 'o' ? 8 : 16);
	return !*end && buffer_add_format(json, "%llu", value);
}

static const char *add_plain(struct buffer *json, struct slice text)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	static const char *const no_numbers[] = {".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF", "+.inf", "+.Inf", "+.INF",
		".nan", ".NaN", ".NAN", NULL};

	if (!text.length || is_one_of(text, nulls))
		buffer_add_string(json, "null");
	else if (is_one_of(text, trues))
		buffer_add_string(json, "true");
	else if (is_one_of(text, falses))
		buffer_add_string(json, "false");
	else if (is_one_of(text, no_numbers))
		return "a number that JSON does not have; put it in quotes if it is text";
	else if (is_number(text))
		add_number(json, text);
	else if (!add_other_base(json, text))
		json_string_encode(json, text);
	return NULL;
}

const char *core_schema_add(struct buffer *json, struct slice text, bool plain, const char *tag)
{
	if (!tag && plain)
		return add_plain(json, text);
	if (!tag || strcmp(tag, "tag:yaml.org,2002:str") == 0) {
		json_string_encode(json, text);
		return NULL;
	}
	if (strncmp(tag, "tag:yaml.org,2002:", 18) == 0)
		return add_plain(json, text);
	return "a tag of its own: expected plain YAML";
}
