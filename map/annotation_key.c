#include "annotation_key.h"

#include "entity_name.h"

enum { PREFIX_MAX = 253, LABEL_MAX = 63 };

/* A DNS name: labels of lower-case letters, digits and inner hyphens, joined by dots. */
static void add_prefix(struct buffer *key, struct slice text)
{
	size_t start = key->length, label = start;

	for (size_t i = 0; i < text.length && key->length - start < PREFIX_MAX; i++) {
		char c = (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]);
		bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		char before = key->length > start ? key->data[key->length - 1] : '.';

		if (c != '.' && key->length - label == LABEL_MAX)
			continue;
		if (letter) {
			buffer_add_byte(key, c);
		} else if (c == '.') {
			while (key->length > start && key->data[key->length - 1] == '-')
				key->length--;
			if (key->length > start && key->data[key->length - 1] != '.')
				buffer_add_byte(key, '.');
			label = key->length;
		} else if (before != '.' && before != '-') {
			buffer_add_byte(key, '-');
		}
	}
	while (key->length > start && (key->data[key->length - 1] == '-' || key->data[key->length - 1] == '.'))
		key->length--;
}

bool annotation_key_add(struct buffer *key, struct slice text)
{
	const char *slash = text.length ? memchr(text.data, '/', text.length) : NULL;
	size_t start = key->length, name;

	if (slash) {
		add_prefix(key, slice_of(text.data, (size_t)(slash - text.data)));
		if (key->length > start)
			buffer_add_byte(key, '/');
		text = slice_of(slash + 1, text.length - (size_t)(slash + 1 - text.data));
	}
	name = key->length;
	entity_name_repair(key, text, ENTITY_NAME_MAX);
	if (key->length > name)
		return true;
	key->length = start;
	return false;
}
