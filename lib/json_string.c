#include "json_string.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

int32_t utf8_next(const char **position, const char *end)
{
	const unsigned char *p = (const unsigned char *)*position;
	size_t length = *p < 0x80 ? 1 : utf8_length(*position, end);
	int32_t c;

	*position += length ? length : 1;
	switch (length) {
	case 0: return -1;
	case 1: return *p;
	case 2: c = *p & 0x1f; break;
	case 3: c = *p & 0x0f; break;
	default: c = *p & 0x07;
	}
	for (size_t i = 1; i < length; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

void utf8_add(struct buffer *text, int32_t c)
{
	char bytes[4];
	size_t length = 0;

	if (c < 0x80) {
		bytes[length++] = (char)c;
	} else if (c < 0x800) {
		bytes[length++] = (char)(0xc0 | c >> 6);
		bytes[length++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		bytes[length++] = (char)(0xe0 | c >> 12);
		bytes[length++] = (char)(0x80 | (c >> 6 & 0x3f));
		bytes[length++] = (char)(0x80 | (c & 0x3f));
	} else {
		bytes[length++] = (char)(0xf0 | c >> 18);
		bytes[length++] = (char)(0x80 | (c >> 12 & 0x3f));
		bytes[length++] = (char)(0x80 | (c >> 6 & 0x3f));
		bytes[length++] = (char)(0x80 | (c & 0x3f));
	}
	buffer_add(text, bytes, length);
}

size_t utf8_valid_prefix(const char *bytes, size_t length)
{
	const char *p = bytes, *end = bytes + length;

	while (p < end) {
		const char *start = p;

		if ((unsigned char)*p < 0x80)
			p++;
		else if (utf8_next(&p, end) < 0)
			return (size_t)(start - bytes);
	}
	return length;
}

static int32_t hex4(const char *p)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10;

		value = value << 4 | digit;
	}
	return value;
}

/* The code point of the \u escape at p (behind the u); *used: characters taken, 4 or 10. */
static int32_t unicode_escape(const char *p, const char *end, size_t *used)
{
	int32_t high = hex4(p), low;

	*used = 4;
	if (high == 0 || (high >= 0xdc00 && high <= 0xdfff))
		return REPLACEMENT;
	if (high < 0xd800 || high > 0xdbff)
		return high;
	if (end - p < 10 || p[4] != '\\' || p[5] != 'u')
		return REPLACEMENT;
	low = hex4(p + 6);
	if (low < 0xdc00 || low > 0xdfff)
		return REPLACEMENT;
	*used = 10;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

void json_string_decode(struct slice raw, struct buffer *text)
{
	const char *p = raw.data, *end = raw.data + raw.length;

	while (p < end) {
		const char *escape = memchr(p, '\\', (size_t)(end - p));
		size_t used;

		if (!escape) {
			buffer_add(text, p, (size_t)(end - p));
			return;
		}
		buffer_add(text, p, (size_t)(escape - p));
		p = escape + 2;
		switch (escape[1]) {
		case 'b': buffer_add_byte(text, '\b'); break;
		case 'f': buffer_add_byte(text, '\f'); break;
		case 'n': buffer_add_byte(text, '\n'); break;
		case 'r': buffer_add_byte(text, '\r'); break;
		case 't': buffer_add_byte(text, '\t'); break;
		case 'u':
			utf8_add(text, unicode_escape(p, end, &used));
			p += used;
			break;
		default: buffer_add_byte(text, escape[1]);
		}
	}
}

static void encode_ascii(struct buffer *json, unsigned char c)
{
	switch (c) {
	case '"': buffer_add_string(json, "\\\""); break;
	case '\\': buffer_add_string(json, "\\\\"); break;
	case '\b': buffer_add_string(json, "\\b"); break;
	case '\f': buffer_add_string(json, "\\f"); break;
	case '\n': buffer_add_string(json, "\\n"); break;
	case '\r': buffer_add_string(json, "\\r"); break;
	case '\t': buffer_add_string(json, "\\t"); break;
	default: buffer_add_format(json, "\\u%04x", c);
	}
}

void json_string_encode(struct buffer *json, struct slice text)
{
	const char *p = text.data, *end = text.data + text.length, *run = p;

	buffer_add_byte(json, '"');
	while (p < end) {
		const char *start = p;
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
			p++;
			continue;
		}
		if (c >= 0x80 && utf8_next(&p, end) >= 0)
			continue;
		if (run < start)
			buffer_add(json, run, (size_t)(start - run));
		if (c < 0x80) {
			encode_ascii(json, c);
			p++;
		} else {
			utf8_add(json, REPLACEMENT);
		}
		run = p;
	}
	if (run < end)
		buffer_add(json, run, (size_t)(end - run));
	buffer_add_byte(json, '"');
}
