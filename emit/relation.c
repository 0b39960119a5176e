#include "relation.h"

#include "entity.h"
#include "entity_ref.h"
#include "format.h"
#include "hash_set.h"

struct slice relation_namespace(struct slice full)
{
	const char *colon = memchr(full.data, ':', full.length);
	const char *start = colon ? colon + 1 : full.data;
	const char *slash = memchr(start, '/', (size_t)(full.data + full.length - start));

	return slash ? slice_of(start, (size_t)(slash - start)) : slice_of_string("default");
}

uint64_t relation_of(bool self_is_user, uint64_t self, uint64_t other)
{
	return self_is_user ? hash_pair(self, other) : hash_pair(other, self);
}

/* The relation of an item of a list of ours; false when it is no ref. */
static bool item_relation(struct slice self, struct slice item, struct buffer *text, struct buffer *full, uint64_t *relation)
{
	bool is_user = entity_kind_of(self) == ENTITY_USER;

	buffer_clear(full);
	if (!entity_ref_add_full(full, format_yaml_text(item, text), is_user ? "group" : "user", relation_namespace(self)))
		return false;
	*relation = relation_of(is_user, hash_of(self), hash_of(slice_of(full->data, full->length)));
	return true;
}

size_t relations_in_yaml(struct slice document, struct slice self, void (*found)(void *owner, uint64_t relation), void *owner)
{
	const char *list = entity_kind_of(self) == ENTITY_USER ? "  memberOf:" : entity_kind_of(self) == ENTITY_GROUP ? "  members:" : NULL;
	const char *p = document.data, *end = document.data + document.length, *feed;
	struct buffer text = BUFFER_EMPTY, full = BUFFER_EMPTY;
	bool in_spec = false, in_list = false;
	size_t count = 0;

	for (; list && p < end; p = feed + 1) {
		struct slice line;
		uint64_t relation;

		feed = memchr(p, '\n', (size_t)(end - p));
		if (!feed)
			break;
		line = slice_of(p, (size_t)(feed - p));
		if (line.length && p[line.length - 1] == '\r')
			line.length--; /* git may have turned line ends around */
		if (in_list && slice_starts_with(line, "    - ")) {
			count++;
			if (found && item_relation(self, slice_of(p + 6, line.length - 6), &text, &full, &relation))
				found(owner, relation);
			continue;
		}
		if (line.length && line.data[0] != ' ')
			in_spec = slice_equals(line, "spec:");
		in_list = in_spec && slice_equals(line, list);
	}
	buffer_free(&text);
	buffer_free(&full);
	return count;
}
