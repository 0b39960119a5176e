/*
 * A growing byte string with a bound. The struct is plain: read data and length freely, change them
 * only through these functions. A zeroed struct (BUFFER_EMPTY) is a valid empty buffer without a
 * bound. Out of memory ends the program (70); reaching the bound is reported to the caller.
 */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"
#include "slice.h"

struct buffer {
	char *data;      /* NULL while nothing was ever added; not terminated unless buffer_string was called */
	size_t length;   /* bytes used */
	size_t capacity; /* bytes allocated */
	size_t limit;    /* most bytes it may hold; 0: no bound */
};

#define BUFFER_EMPTY {NULL, 0, 0, 0}

/* An empty buffer that holds at most limit bytes. */
struct buffer buffer_with_limit(size_t limit);

/* Gives the memory back and leaves an empty buffer with the same bound. */
void buffer_free(struct buffer *buffer);

/* Overwrites all that was ever in it, then frees it: for secrets. */
void buffer_wipe(struct buffer *buffer);

/* Forgets the content, keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Forgets the content, and keeps the memory if that is at most so many bytes. */
void buffer_forget(struct buffer *buffer, size_t most);

/* Each of these appends and gives false, with the buffer as it was, when the bound would be exceeded. */
bool buffer_add(struct buffer *buffer, const void *bytes, size_t length);
bool buffer_add_byte(struct buffer *buffer, char byte);
bool buffer_add_string(struct buffer *buffer, const char *string);
bool buffer_add_format(struct buffer *buffer, const char *format, ...) MESSAGE_FORMAT(2, 3);

/* Makes room for more bytes at once: what grows by steps leaves pieces of itself in freed memory (secrets). */
void buffer_reserve(struct buffer *buffer, size_t more);

/* length bytes that were written behind the content, into room made by buffer_reserve, belong to it now. */
void buffer_filled(struct buffer *buffer, size_t length);

/* Removes the first length bytes. */
void buffer_remove_front(struct buffer *buffer, size_t length);

/* The content, until the next change. */
static inline struct slice buffer_slice(const struct buffer *buffer)
{
	return slice_of(buffer->data, buffer->length);
}

/* The content with a NUL behind it (which does not count in length); "" when empty. Valid until the next change. */
const char *buffer_string(struct buffer *buffer);

#endif
