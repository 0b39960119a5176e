#include "storable.h"

#include <stdint.h>

static const char replacement[] = "\xef\xbf\xbd";

enum { ESCAPE = 6 }; /* the length of \uXXXX */

/* The value of the \uXXXX that begins at p, or -1: it is none. */
static int32_t unicode_escape(const char *p, const char *end)
{
	int32_t value = 0;

	if (end - p < ESCAPE || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE; i++)
		value = value << 4 | (p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
	return value;
}

static bool is_surrogate(int32_t value, int32_t first)
{
	return value >= first && value < first + 0x400;
}

/* The length of the escape at p (of the grammar of JSON), 0 when it spells no text. */
static size_t escape_length(const char *p, const char *end)
{
	int32_t value = unicode_escape(p, end);

	if (value < 0)
		return 2;
	if (is_surrogate(value, 0xd800))
		return is_surrogate(unicode_escape(p + ESCAPE, end), 0xdc00) ? 2 * ESCAPE : 0;
	return value == 0 || is_surrogate(value, 0xdc00) ? 0 : ESCAPE;
}

void storable_add(struct slice json, struct buffer *text)
{
	const char *run = json.data, *p = run, *end = run + json.length;

	while (p < end && (p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		size_t length = escape_length(p, end);

		if (!length) {
			buffer_add(text, run, (size_t)(p - run));
			buffer_add_string(text, replacement);
			run = p + ESCAPE;
			length = ESCAPE;
		}
		p += length;
	}
	buffer_add(text, run, (size_t)(end - run));
}
