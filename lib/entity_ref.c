#include "entity_ref.h"

static void add_lower(struct buffer *full, struct slice part)
{
	char *to;

	buffer_reserve(full, part.length);
	to = full->data + full->length;
	for (size_t i = 0; i < part.length; i++)
		to[i] = (char)(part.data[i] >= 'A' && part.data[i] <= 'Z' ? part.data[i] + 32 : part.data[i]);
	full->length += part.length;
}

void entity_ref_add(struct buffer *full, struct slice kind, struct slice name_space, struct slice name)
{
	add_lower(full, kind);
	buffer_add_byte(full, ':');
	add_lower(full, name_space);
	buffer_add_byte(full, '/');
	add_lower(full, name);
}

bool entity_ref_is_full(struct slice ref)
{
	size_t none = ref.length, colon = none, slash = none;

	for (size_t i = 0; i < ref.length; i++) {
		char c = ref.data[i];

		if (c >= 'A' && c <= 'Z')
			return false;
		if (c == ':' && colon == none)
			colon = i;
		else if (c == '/' && slash == none)
			slash = i;
	}
	return colon > 0 && colon + 1 < slash && slash + 1 < ref.length;
}

bool entity_ref_add_full(struct buffer *full, struct slice ref, const char *kind, struct slice name_space)
{
	struct slice kind_part = slice_of_string(kind), space_part = name_space, name;
	const char *start = ref.data, *end = ref.data + ref.length;
	const char *colon = ref.length ? memchr(start, ':', ref.length) : NULL, *slash;

	/* The first colon and the first slash count, and the kind comes before the namespace. */
	slash = ref.length ? memchr(start, '/', ref.length) : NULL;
	if (colon && (!slash || colon < slash)) {
		kind_part = slice_of(start, (size_t)(colon - start));
		start = colon + 1;
	}
	if (slash && slash >= start) {
		space_part = slice_of(start, (size_t)(slash - start));
		start = slash + 1;
	}
	name = slice_of(start, (size_t)(end - start));
	if (!kind_part.length || !space_part.length || !name.length)
		return false;
	entity_ref_add(full, kind_part, space_part, name);
	return true;
}
