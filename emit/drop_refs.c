#include "drop_refs.h"

#include "entity_kinds.h"
#include "entity_ref.h"
#include "json_cursor.h"
#include "json_string.h"
#include "relation.h"

struct dropping {
	struct json_cursor *cursor;
	const struct hash_set *refs;
	struct slice space;          /* of refs without a namespace */
	struct buffer *out;
	struct buffer text, full;
	size_t dropped;
};

static bool is_dropped(struct dropping *d, struct slice raw, const char *kind)
{
	buffer_clear(&d->text);
	buffer_clear(&d->full);
	json_string_decode(raw, &d->text);
	return entity_ref_add_full(&d->full, slice_of(d->text.data, d->text.length), kind ? kind : "", d->space)
		&& hash_set_has(d->refs, hash_of(slice_of(d->full.data, d->full.length)));
}

static void add_key(struct dropping *d, struct slice key, bool *first)
{
	buffer_add_string(d->out, *first ? "\"" : ",\"");
	buffer_add(d->out, key.data, key.length);
	buffer_add_string(d->out, "\":");
	*first = false;
}

static void copy_refs(struct dropping *d, const char *kind)
{
	bool first = true;
	struct slice raw;

	json_enter_array(d->cursor);
	buffer_add_byte(d->out, '[');
	while (json_next_element(d->cursor) && json_string_raw(d->cursor, &raw)) {
		if (is_dropped(d, raw, kind)) {
			d->dropped++;
			continue;
		}
		buffer_add_string(d->out, first ? "\"" : ",\"");
		buffer_add(d->out, raw.data, raw.length);
		buffer_add_byte(d->out, '"');
		first = false;
	}
	buffer_add_byte(d->out, ']');
}

static void copy_field(struct dropping *d, struct slice key, const struct spec_field *field, bool *first)
{
	struct slice value;

	if (field && field->type == SPEC_REFS) {
		add_key(d, key, first);
		copy_refs(d, field->kind);
		return;
	}
	json_skip(d->cursor, &value);
	if (field && field->type == SPEC_REF && !field->required
		&& is_dropped(d, slice_of(value.data + 1, value.length - 2), field->kind)) {
		d->dropped++;
		return;
	}
	add_key(d, key, first);
	buffer_add(d->out, value.data, value.length);
}

static void copy_spec(struct dropping *d, const struct spec_field *fields)
{
	bool first = true;
	struct slice key;

	json_enter_object(d->cursor);
	buffer_add_byte(d->out, '{');
	while (json_next_member(d->cursor, &key)) {
		const struct spec_field *field = fields;

		while (field->name && !json_key_equals(key, field->name))
			field++;
		copy_field(d, key, field->name ? field : NULL, &first);
	}
	buffer_add_byte(d->out, '}');
}

/* The fields of the entity's kind, wherever in it the kind is said. */
static const struct spec_field *fields_of(struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	const struct spec_field *fields = NULL;
	struct buffer kind = BUFFER_EMPTY;
	struct slice key, raw;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key))
		if (json_key_equals(key, "kind") && json_string_raw(&cursor, &raw)) {
			json_string_decode(raw, &kind);
			fields = entity_spec_fields(slice_of(kind.data, kind.length));
		} else {
			json_skip(&cursor, NULL);
		}
	buffer_free(&kind);
	return fields;
}

size_t drop_refs(struct slice json, struct slice self, const struct hash_set *refs, struct buffer *without)
{
	const struct spec_field *fields = fields_of(json);
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct dropping d = {.cursor = &cursor, .refs = refs, .space = relation_namespace(self), .out = without};
	struct slice key, value;
	bool first = true;

	json_enter_object(&cursor);
	buffer_add_byte(without, '{');
	while (json_next_member(&cursor, &key)) {
		add_key(&d, key, &first);
		if (fields && json_key_equals(key, "spec")) {
			copy_spec(&d, fields);
		} else {
			json_skip(&cursor, &value);
			buffer_add(without, value.data, value.length);
		}
	}
	buffer_add_byte(without, '}');
	buffer_free(&d.text);
	buffer_free(&d.full);
	return d.dropped;
}
