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

static bool is_zero(struct slice text)
{
	for (size_t i = 0; i < text.length && text.data[i] != 'e' && text.data[i] != 'E'; i++)
		if (text.data[i] >= '1' && text.data[i] <= '9')
			return false;
	return true;
}

/* As JSON spells it: no plus sign, no leading zeros, digits on both sides of the point. */
static void add_number(struct buffer *json, struct slice text)
{
	size_t i = 0, whole;

	if (text.data[0] == '-' && !is_zero(text)) /* JavaScript's JSON has no -0 */
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

/* The tag that a value's JSON goes with. */
static bool has_tag(const struct buffer *json, size_t from, const char *name)
{
	char first = json->length > from ? json->data[from] : '\0';

	switch (first) {
	case 'n': return strcmp(name, "null") == 0;
	case 't': case 'f': return strcmp(name, "bool") == 0;
	case '"': return false;
	default: return strcmp(name, "float") == 0
		|| (strcmp(name, "int") == 0 && strcspn(json->data + from, ".eE") >= json->length - from);
	}
}

const char *core_schema_add(struct buffer *json, struct slice text, bool plain, const char *tag)
{
	static const char prefix[] = "tag:yaml.org,2002:";
	size_t start = json->length;
	const char *wrong;

	if (!tag && plain)
		return add_plain(json, text);
	if (!tag || strcmp(tag, "!") == 0 || strcmp(tag, "tag:yaml.org,2002:str") == 0) {
		json_string_encode(json, text);
		return NULL;
	}
	if (strncmp(tag, prefix, sizeof prefix - 1) != 0)
		return "a tag of its own: expected plain YAML";
	wrong = add_plain(json, text);
	buffer_string(json);
	return wrong ? wrong : has_tag(json, start, tag + sizeof prefix - 1) ? NULL : "a tag that its value does not go with";
}

const char *core_schema_add_key(struct buffer *json, struct slice text, bool plain)
{
	struct buffer value = BUFFER_EMPTY;
	bool same;

	json_string_encode(json, text);
	if (!plain)
		return NULL;
	if (add_plain(&value, text))
		return "a key that is no number of JSON's; put it in quotes";
	/* Whole numbers up to 15 digits are spelled as they are written; others may not be. */
	buffer_string(&value);
	same = value.data[0] == '"' || (slice_equals(slice_of(value.data, value.length), "true") && slice_equals(text, "true"))
		|| (slice_equals(slice_of(value.data, value.length), "false") && slice_equals(text, "false"))
		|| (text.length <= 15 && strspn(value.data, "0123456789") >= value.length && value.length == text.length);
	buffer_free(&value);
	return same ? NULL : "a key that is read as a number or as nothing; put it in quotes";
}
