#include "format_provider.h"

#include "json_cursor.h"
#include "json_string.h"

static const char by_location[] = "backstage.io/managed-by-location";
static const char by_origin[] = "backstage.io/managed-by-origin-location";

/* Where the annotations go, and what is there already. */
struct place {
	const char *at;       /* behind the bracket of metadata or of its annotations; NULL: no metadata */
	bool in_annotations, any, has_location, has_origin;
};

static void look_at_annotations(struct json_cursor *cursor, struct place *place)
{
	struct slice key;

	json_enter_object(cursor);
	place->at = cursor->position_in;
	place->in_annotations = true;
	place->any = false;
	while (json_next_member(cursor, &key)) {
		place->any = true;
		place->has_location = place->has_location || json_key_equals(key, by_location);
		place->has_origin = place->has_origin || json_key_equals(key, by_origin);
		json_skip(cursor, NULL);
	}
}

static void look_at_metadata(struct json_cursor *cursor, struct place *place)
{
	struct slice key;

	json_enter_object(cursor);
	place->at = cursor->position_in;
	while (json_next_member(cursor, &key)) {
		if (!place->in_annotations)
			place->any = true;
		if (json_key_equals(key, "annotations") && json_peek(cursor) == JSON_OBJECT)
			look_at_annotations(cursor, place);
		else
			json_skip(cursor, NULL);
	}
}

static struct place find_place(struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct place place = {0};
	struct slice key;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key))
		if (json_key_equals(key, "metadata") && json_peek(&cursor) == JSON_OBJECT)
			look_at_metadata(&cursor, &place);
		else
			json_skip(&cursor, NULL);
	return place;
}

static void add_member(struct buffer *text, const char *key, const char *value, const char *before)
{
	buffer_add_format(text, "%s\"%s\":", before, key);
	json_string_encode(text, slice_of_string(value));
}

void format_deferred(struct slice json, const char *location, const char *location_key, struct buffer *text)
{
	struct place place = find_place(json);
	size_t front = place.at ? (size_t)(place.at - json.data) : 0;

	buffer_add_string(text, "{\"entity\":");
	buffer_add(text, json.data, front);
	if (place.at && !(place.has_location && place.has_origin)) {
		if (!place.in_annotations)
			buffer_add_string(text, "\"annotations\":{");
		if (!place.has_location)
			add_member(text, by_location, location, "");
		if (!place.has_origin)
			add_member(text, by_origin, location, place.has_location ? "" : ",");
		if (!place.in_annotations)
			buffer_add_byte(text, '}');
		if (place.any)
			buffer_add_byte(text, ',');
	}
	buffer_add(text, json.data + front, json.length - front);
	add_member(text, "locationKey", location_key, ",");
	buffer_add_byte(text, '}');
}

void format_removed(struct slice ref, const char *location_key, struct buffer *text)
{
	buffer_add_string(text, "{\"entityRef\":");
	json_string_encode(text, ref);
	add_member(text, "locationKey", location_key, ",");
	buffer_add_byte(text, '}');
}

bool format_deferred_read(struct slice line, struct slice *entity, struct slice *location_key)
{
	struct json_cursor cursor = json_cursor(line.data, line.length);
	struct slice key;

	*entity = *location_key = slice_of(NULL, 0);
	if (json_peek(&cursor) != JSON_OBJECT)
		return false;
	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		if (json_key_equals(key, "entity") && json_peek(&cursor) == JSON_OBJECT)
			json_skip(&cursor, entity);
		else if (json_key_equals(key, "locationKey") && json_peek(&cursor) == JSON_STRING)
			json_string_raw(&cursor, location_key);
		else
			json_skip(&cursor, NULL);
	}
	return json_end(&cursor) && entity->data;
}
