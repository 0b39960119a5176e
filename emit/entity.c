#include "entity.h"

#include "duplicate_key.h"
#include "entity_ref.h"
#include "entity_rules.h"
#include "json_cursor.h"
#include "json_string.h"

typedef const char *rule(struct slice text);

/* What one pass over an entity gathers. */
struct pass {
	struct entity *entity;
	struct json_cursor *cursor;
	struct buffer text;           /* scratch: the string read last */
	struct buffer kind, name, name_space, api_version;
	struct slice spec;            /* read last: its rules depend on the kind */
	bool has_metadata;
};

static void wrong(struct pass *pass, const char *field, const char *expected)
{
	if (!pass->entity->wrong.length)
		buffer_add_format(&pass->entity->wrong, "%s: %s", field, expected);
}

/* Takes a value that must be a string by a rule; true with its text in pass->text. */
static bool take_string(struct pass *pass, const char *field, rule *check)
{
	struct slice raw;
	const char *expected;

	buffer_clear(&pass->text);
	if (json_peek(pass->cursor) != JSON_STRING) {
		wrong(pass, field, "expected a string");
		json_skip(pass->cursor, NULL);
		return false;
	}
	if (!json_string_raw(pass->cursor, &raw))
		return false;
	json_string_decode(raw, &pass->text);
	expected = check(slice_of(pass->text.data, pass->text.length));
	if (expected)
		wrong(pass, field, expected);
	return !expected;
}

static bool enter(struct pass *pass, const char *field, bool object)
{
	if (json_peek(pass->cursor) == (object ? JSON_OBJECT : JSON_ARRAY))
		return object ? json_enter_object(pass->cursor) : json_enter_array(pass->cursor);
	wrong(pass, field, object ? "expected an object" : "expected an array");
	json_skip(pass->cursor, NULL);
	return false;
}

static void copy(struct buffer *to, const struct buffer *from)
{
	buffer_clear(to);
	buffer_add(to, from->data, from->length);
}

/* labels and annotations: keys and values by rules; keeps the Okta id. */
static void read_map(struct pass *pass, const char *field, rule *check_value)
{
	struct buffer key_text = BUFFER_EMPTY;
	struct slice key;

	if (!enter(pass, field, true))
		return;
	while (json_next_member(pass->cursor, &key)) {
		const char *expected;

		buffer_clear(&key_text);
		json_string_decode(key, &key_text);
		expected = rule_key(slice_of(key_text.data, key_text.length));
		if (expected)
			wrong(pass, field, expected);
		if (take_string(pass, field, check_value)
			&& (slice_equals(key, "okta.com/user-id") || slice_equals(key, "okta.com/group-id")))
			copy(&pass->entity->okta_id, &pass->text);
	}
	buffer_free(&key_text);
}

static void read_strings(struct pass *pass, const char *field, rule *check)
{
	if (!enter(pass, field, false))
		return;
	while (json_next_element(pass->cursor))
		take_string(pass, field, check);
}

static void read_links(struct pass *pass)
{
	struct slice key;

	if (!enter(pass, "metadata.links", false))
		return;
	while (json_next_element(pass->cursor)) {
		bool has_url = false;

		if (!enter(pass, "metadata.links", true))
			continue;
		while (json_next_member(pass->cursor, &key)) {
			bool url = json_key_equals(key, "url");

			has_url = has_url || url;
			if (url)
				take_string(pass, "metadata.links.url", rule_url);
			else if (json_key_equals(key, "title") || json_key_equals(key, "icon") || json_key_equals(key, "type"))
				take_string(pass, "metadata.links", rule_not_empty);
			else
				json_skip(pass->cursor, NULL);
		}
		if (!has_url)
			wrong(pass, "metadata.links.url", "missing");
	}
}

static void read_metadata(struct pass *pass)
{
	struct slice key;

	pass->has_metadata = true;
	if (!enter(pass, "metadata", true))
		return;
	while (json_next_member(pass->cursor, &key)) {
		if (json_key_equals(key, "name")) {
			take_string(pass, "metadata.name", rule_name);
			copy(&pass->name, &pass->text);
		} else if (json_key_equals(key, "namespace")) {
			take_string(pass, "metadata.namespace", rule_namespace);
			copy(&pass->name_space, &pass->text);
		} else if (json_key_equals(key, "title") || json_key_equals(key, "uid") || json_key_equals(key, "etag")) {
			take_string(pass, "metadata.title", rule_not_empty);
		} else if (json_key_equals(key, "description")) {
			take_string(pass, "metadata.description", rule_any);
		} else if (json_key_equals(key, "labels")) {
			read_map(pass, "metadata.labels", rule_label_value);
		} else if (json_key_equals(key, "annotations")) {
			read_map(pass, "metadata.annotations", rule_any);
		} else if (json_key_equals(key, "tags")) {
			read_strings(pass, "metadata.tags", rule_tag);
		} else if (json_key_equals(key, "links")) {
			read_links(pass);
		} else {
			json_skip(pass->cursor, NULL);
		}
	}
}

/* One ref; kind is what it means without one. */
static void read_ref(struct pass *pass, const char *field, const char *kind)
{
	struct slice space = slice_of(pass->name_space.data, pass->name_space.length);
	struct buffer full = BUFFER_EMPTY;

	if (!take_string(pass, field, rule_not_empty))
		return;
	if (!entity_ref_add_full(&full, slice_of(pass->text.data, pass->text.length), kind, space.length ? space : slice_of_string("default")))
		wrong(pass, field, "expected a ref, [kind:][namespace/]name");
	else if (pass->entity->refers)
		pass->entity->refers(pass->entity->owner, slice_of(full.data, full.length));
	buffer_free(&full);
}

static unsigned long read_refs(struct pass *pass, const char *field, const char *kind)
{
	unsigned long count = 0;

	if (!enter(pass, field, false))
		return 0;
	for (; json_next_element(pass->cursor); count++)
		read_ref(pass, field, kind);
	return count;
}

static void read_profile(struct pass *pass)
{
	struct slice key;

	if (!enter(pass, "spec.profile", true))
		return;
	while (json_next_member(pass->cursor, &key))
		if (json_key_equals(key, "displayName") || json_key_equals(key, "email") || json_key_equals(key, "picture"))
			take_string(pass, "spec.profile", rule_not_empty);
		else
			json_skip(pass->cursor, NULL);
}

/* The kinds User and Group (schema/kinds/User.v1alpha1, Group.v1alpha1); of other kinds only that spec is JSON. */
static void read_spec(struct pass *pass)
{
	struct json_cursor *cursor = pass->cursor;
	bool user = pass->entity->kind == ENTITY_USER, has_member_of = false, has_type = false, has_children = false;
	struct slice key;

	if (pass->entity->kind == ENTITY_OTHER)
		return;
	if (!pass->spec.data) {
		wrong(pass, "spec", "missing");
		return;
	}
	if (!enter(pass, "spec", true))
		return;
	while (json_next_member(cursor, &key)) {
		if (json_key_equals(key, "profile")) {
			read_profile(pass);
		} else if (user && json_key_equals(key, "memberOf")) {
			has_member_of = true;
			pass->entity->members += read_refs(pass, "spec.memberOf", "Group");
		} else if (!user && json_key_equals(key, "type")) {
			has_type = true;
			take_string(pass, "spec.type", rule_not_empty);
		} else if (!user && json_key_equals(key, "children")) {
			has_children = true;
			read_refs(pass, "spec.children", "Group");
		} else if (!user && json_key_equals(key, "members")) {
			pass->entity->members += read_refs(pass, "spec.members", "User");
		} else if (!user && json_key_equals(key, "parent")) {
			read_ref(pass, "spec.parent", "Group");
		} else {
			json_skip(cursor, NULL);
		}
	}
	if (user && !has_member_of)
		wrong(pass, "spec.memberOf", "missing; expected an array, which may be empty");
	if (!user && !has_type)
		wrong(pass, "spec.type", "missing");
	if (!user && !has_children)
		wrong(pass, "spec.children", "missing; expected an array, which may be empty");
}

static void read_root(struct pass *pass)
{
	struct slice key;

	json_enter_object(pass->cursor);
	while (json_next_member(pass->cursor, &key)) {
		if (json_key_equals(key, "apiVersion")) {
			take_string(pass, "apiVersion", rule_not_empty);
			copy(&pass->api_version, &pass->text);
		} else if (json_key_equals(key, "kind")) {
			take_string(pass, "kind", rule_not_empty);
			copy(&pass->kind, &pass->text);
		} else if (json_key_equals(key, "metadata")) {
			read_metadata(pass);
		} else if (json_key_equals(key, "spec")) {
			json_skip(pass->cursor, &pass->spec);
		} else {
			wrong(pass, "root", "expected only apiVersion, kind, metadata and spec");
			json_skip(pass->cursor, NULL);
		}
	}
}

void entity_read(struct entity *entity, struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct pass pass = {.entity = entity, .cursor = &cursor};
	struct slice kind, space;

	buffer_clear(&entity->ref);
	buffer_clear(&entity->okta_id);
	buffer_clear(&entity->wrong);
	entity->members = 0;
	read_root(&pass);
	kind = slice_of(pass.kind.data, pass.kind.length);
	entity->kind = slice_equals(kind, "User") ? ENTITY_USER : slice_equals(kind, "Group") ? ENTITY_GROUP : ENTITY_OTHER;
	if (!pass.api_version.length)
		wrong(&pass, "apiVersion", "missing");
	else if (entity->kind != ENTITY_OTHER && rule_api_version(slice_of(pass.api_version.data, pass.api_version.length)))
		wrong(&pass, "apiVersion", rule_api_version(slice_of(pass.api_version.data, pass.api_version.length)));
	if (!pass.has_metadata || !pass.name.length)
		wrong(&pass, "metadata.name", "missing");
	cursor = json_cursor(pass.spec.data, pass.spec.length);
	read_spec(&pass);
	if (!entity->wrong.length && json_has_duplicate_key(json))
		wrong(&pass, "root", "a key comes twice in one object");
	space = slice_of(pass.name_space.data, pass.name_space.length);
	if (kind.length && pass.name.length)
		entity_ref_add(&entity->ref, kind, space.length ? space : slice_of_string("default"), slice_of(pass.name.data, pass.name.length));
	buffer_free(&pass.text);
	buffer_free(&pass.kind);
	buffer_free(&pass.name);
	buffer_free(&pass.name_space);
	buffer_free(&pass.api_version);
}

void entity_free(struct entity *entity)
{
	buffer_free(&entity->ref);
	buffer_free(&entity->okta_id);
	buffer_free(&entity->wrong);
}
