#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "json_string.h"
#include "memory.h"

static const char *program = "okta-catalog";
static bool json;
static enum message_level threshold = MESSAGE_NOTE;
static void (*before)(void);
static struct buffer *diverted;

void message_program(const char *name)
{
	program = name;
}

const char *message_program_name(void)
{
	return program;
}

void message_use_json(bool use)
{
	json = use;
}

bool message_is_json(void)
{
	return json;
}

void message_threshold(enum message_level level)
{
	threshold = level;
}

bool message_enabled(enum message_level level)
{
	return level <= threshold;
}

void message_divert(struct buffer *errors)
{
	diverted = errors;
}

void message_before(void (*hook)(void))
{
	before = hook;
}

/* Control characters (C0, DEL, C1) and bytes that are no UTF-8 must not reach a terminal as they are. */
static void add_printable(struct buffer *line, struct slice text)
{
	const char *p = text.data, *end = text.data + text.length;

	while (p < end) {
		const char *start = p;
		int32_t c = utf8_next(&p, end);

		if (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0x2028 && c != 0x2029) {
			buffer_add(line, start, (size_t)(p - start));
			continue;
		}
		for (; start < p; start++)
			buffer_add_format(line, "\\x%02x", (unsigned char)*start);
	}
}

static void add_time(struct buffer *line)
{
	struct tm tm;
	time_t now = time(NULL);
	char text[32];

	gmtime_r(&now, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	buffer_add_string(line, text);
}

static void add_json(struct buffer *line, enum message_level level, int status, struct slice text)
{
	static const char *const names[] = {"error", "warning", "note", "debug"};

	buffer_add_string(line, "{\"time\":\"");
	add_time(line);
	buffer_add_format(line, "\",\"level\":\"%s\",\"program\":\"%s\",\"message\":", names[level], program);
	json_string_encode(line, text);
	if (level == MESSAGE_ERROR)
		buffer_add_format(line, ",\"exit\":%d", status);
	buffer_add_byte(line, '}');
}

static void write_all(const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(STDERR_FILENO, bytes, length);

		if (n <= 0)
			return; /* nowhere left to say so */
		bytes += n;
		length -= (size_t)n;
	}
}

/* One write a message, so that the lines of programs in a pipeline do not mix. */
MESSAGE_FORMAT(3, 0)
static void print(enum message_level level, int status, const char *format, va_list arguments)
{
	struct buffer line = BUFFER_EMPTY;
	char short_text[1024], *text = short_text;
	struct buffer long_text = BUFFER_EMPTY;
	va_list again;
	int length;

	if (level > threshold)
		return;
	va_copy(again, arguments);
	length = vsnprintf(short_text, sizeof short_text, format, arguments);
	if (length < 0)
		length = 0;
	if ((size_t)length >= sizeof short_text) {
		long_text.data = memory_alloc((size_t)length + 1);
		long_text.capacity = (size_t)length + 1;
		vsnprintf(long_text.data, long_text.capacity, format, again);
		text = long_text.data;
	}
	va_end(again);
	if (diverted && level == MESSAGE_ERROR) {
		buffer_add_string(diverted, diverted->length ? "; " : "");
		add_printable(diverted, slice_of(text, (size_t)length));
		buffer_free(&long_text);
		return;
	}
	if (before)
		before();
	if (json) {
		add_json(&line, level, status, slice_of(text, (size_t)length));
	} else {
		buffer_add_format(&line, "%s: ", program);
		if (level == MESSAGE_WARNING)
			buffer_add_string(&line, "warning: ");
		add_printable(&line, slice_of(text, (size_t)length));
	}
	buffer_add_byte(&line, '\n');
	write_all(line.data, line.length);
	buffer_free(&line);
	buffer_free(&long_text);
}

int fail(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(MESSAGE_ERROR, status, format, arguments);
	va_end(arguments);
	return status;
}

void warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(MESSAGE_WARNING, 0, format, arguments);
	va_end(arguments);
}

void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(MESSAGE_NOTE, 0, format, arguments);
	va_end(arguments);
}

void debug(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(MESSAGE_DEBUG, 0, format, arguments);
	va_end(arguments);
}
