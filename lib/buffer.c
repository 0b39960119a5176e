#include "buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "memory.h"

struct buffer buffer_with_limit(size_t limit)
{
	struct buffer buffer = BUFFER_EMPTY;

	buffer.limit = limit;
	return buffer;
}

void buffer_free(struct buffer *buffer)
{
	size_t limit = buffer->limit;

	free(buffer->data);
	*buffer = buffer_with_limit(limit);
}

void buffer_wipe(struct buffer *buffer)
{
	volatile char *byte = buffer->data;

	for (size_t i = 0; byte && i < buffer->capacity; i++)
		byte[i] = 0;
	buffer_free(buffer);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
}

void buffer_forget(struct buffer *buffer, size_t most)
{
	if (buffer->capacity > most)
		buffer_free(buffer);
	buffer_clear(buffer);
}

/* Room for more bytes and a terminator. */
static void make_room(struct buffer *buffer, size_t more)
{
	size_t need = buffer->length + more + 1;
	size_t capacity = buffer->capacity ? buffer->capacity : 64;

	if (need <= buffer->capacity)
		return;
	if (need < more)
		exit(fail(STATUS_INTERNAL, "out of memory"));
	while (capacity < need)
		capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
	buffer->data = memory_resize(buffer->data, capacity, 1);
	buffer->capacity = capacity;
}

void buffer_reserve(struct buffer *buffer, size_t more)
{
	make_room(buffer, more);
}

void buffer_filled(struct buffer *buffer, size_t length)
{
	buffer->length += length;
}

bool buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	if (buffer->limit && length > buffer->limit - buffer->length)
		return false;
	make_room(buffer, length);
	if (length)
		memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	return true;
}

bool buffer_add_byte(struct buffer *buffer, char byte)
{
	return buffer_add(buffer, &byte, 1);
}

bool buffer_add_string(struct buffer *buffer, const char *string)
{
	return buffer_add(buffer, string, strlen(string));
}

bool buffer_add_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || (buffer->limit && (size_t)length > buffer->limit - buffer->length))
		return false;
	make_room(buffer, (size_t)length);
	va_start(arguments, format);
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
	return true;
}

void buffer_remove_front(struct buffer *buffer, size_t length)
{
	if (length < buffer->length)
		memmove(buffer->data, buffer->data + length, buffer->length - length);
	buffer->length -= length < buffer->length ? length : buffer->length;
}

const char *buffer_string(struct buffer *buffer)
{
	make_room(buffer, 0);
	buffer->data[buffer->length] = '\0';
	return buffer->data;
}
