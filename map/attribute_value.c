#include "attribute_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json_cursor.h"
#include "json_string.h"

enum { LONGEST_NUMBER = 400 };

/* The shortest digits that mean this number, and where its point stands: 0.digits times ten to the power of *point. */
static void shortest_digits(double number, char digits[20], int *point)
{
	char text[40];
	int precision = 0;

	do
		snprintf(text, sizeof text, "%.*e", precision, number);
	while (strtod(text, NULL) != number && ++precision < 17);
	digits[0] = text[0];
	memcpy(digits + 1, text + 2, (size_t)precision);
	digits[precision + 1] = '\0';
	*point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
}

/* ECMAScript's Number::toString for a number above zero. */
static void add_positive(struct buffer *text, double number)
{
	char digits[20];
	int point, count;

	shortest_digits(number, digits, &point);
	count = (int)strlen(digits);
	if (point > 21 || point < -5) {
		buffer_add_byte(text, digits[0]);
		if (count > 1)
			buffer_add_format(text, ".%s", digits + 1);
		buffer_add_format(text, "e%+d", point - 1);
	} else if (point <= 0) {
		buffer_add_format(text, "0.%.*s%s", -point, "000000", digits);
	} else if (point >= count) {
		buffer_add_format(text, "%s%.*s", digits, point - count, "000000000000000000000");
	} else {
		buffer_add_format(text, "%.*s.%s", point, digits, digits + point);
	}
}

void attribute_value_add_number(struct buffer *text, struct slice number)
{
	struct buffer copy = BUFFER_EMPTY;
	double value;

	buffer_add(&copy, number.data, number.length);
	value = strtod(buffer_string(&copy), NULL);
	buffer_free(&copy);
	if (value == 0) {
		buffer_add_byte(text, '0');
		return;
	}
	if (value < 0)
		buffer_add_byte(text, '-');
	if (isinf(value))
		buffer_add_string(text, "Infinity");
	else
		add_positive(text, fabs(value));
}

static enum json_type type_of(struct slice value)
{
	struct json_cursor cursor = json_cursor(value.data, value.length);

	return value.data ? json_peek(&cursor) : JSON_NONE;
}

static void add_string(struct buffer *text, struct slice value)
{
	json_string_decode(slice_of(value.data + 1, value.length - 2), text);
}

static bool is_whole(struct slice number)
{
	size_t digits = 0;

	for (size_t i = number.data[0] == '-'; i < number.length; i++, digits++)
		if (number.data[i] < '0' || number.data[i] > '9')
			return false;
	return digits < LONGEST_NUMBER;
}

/* A number as JavaScript prints it, but a whole one with the digits that it has. */
static void add_exact(struct buffer *text, struct slice number)
{
	if (is_whole(number) && !slice_equals(number, "-0"))
		buffer_add(text, number.data, number.length);
	else
		attribute_value_add_number(text, number);
}

static bool add_scalar(struct buffer *text, struct slice value, void (*add_number)(struct buffer *, struct slice))
{
	size_t before = text->length;

	switch (type_of(value)) {
	case JSON_STRING: add_string(text, value); break;
	case JSON_NUMBER: add_number(text, value); break;
	default: return false;
	}
	return text->length > before;
}

bool attribute_value_add_name(struct buffer *text, struct slice value)
{
	return add_scalar(text, value, attribute_value_add_number);
}

bool attribute_value_add_key(struct buffer *text, struct slice value)
{
	return add_scalar(text, value, add_exact);
}

static void add_array(struct buffer *text, struct slice array)
{
	struct json_cursor cursor = json_cursor(array.data, array.length);
	bool first = true;
	struct slice value;

	json_enter_array(&cursor);
	while (json_next_element(&cursor) && json_skip(&cursor, &value)) {
		if (!first)
			buffer_add_byte(text, ',');
		first = false;
		attribute_value_add_text(text, value);
	}
}

bool attribute_value_add_text(struct buffer *text, struct slice value)
{
	switch (type_of(value)) {
	case JSON_STRING:
		add_string(text, value);
		return true;
	case JSON_NUMBER:
		add_exact(text, value);
		return true;
	case JSON_ARRAY:
		add_array(text, value);
		return true;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_OBJECT:
		buffer_add(text, value.data, value.length);
		return true;
	default:
		return false;
	}
}
