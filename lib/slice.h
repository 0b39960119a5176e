/*
 * A piece of somebody else's bytes: not owned, not terminated. data == NULL: absent.
 */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *data;
	size_t length;
};

static inline struct slice slice_of(const char *data, size_t length)
{
	return (struct slice){data, length};
}

static inline struct slice slice_of_string(const char *string)
{
	return (struct slice){string, string ? strlen(string) : 0};
}

static inline bool slice_equals(struct slice slice, const char *string)
{
	return slice.data && slice.length == strlen(string) && memcmp(slice.data, string, slice.length) == 0;
}

static inline bool slice_same(struct slice a, struct slice b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Like strcmp: by bytes, the shorter one first. */
static inline int slice_compare(struct slice a, struct slice b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter ? memcmp(a.data, b.data, shorter) : 0;

	return order ? order : (a.length > b.length) - (a.length < b.length);
}

static inline bool slice_starts_with(struct slice slice, const char *start)
{
	size_t length = strlen(start);

	return slice.length >= length && (length == 0 || memcmp(slice.data, start, length) == 0);
}

static inline bool slice_contains(struct slice slice, const char *part)
{
	size_t length = strlen(part);

	for (size_t i = 0; i + length <= slice.length; i++)
		if (memcmp(slice.data + i, part, length) == 0)
			return true;
	return false;
}

/* For printf's "%.*s": the length as int. */
#define SLICE_ARG(s) (int)(s).length, (s).data ? (s).data : ""

#endif
