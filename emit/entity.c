#include "entity.h"

#include <stdlib.h>

#include "duplicate_key.h"
#include "entity_kinds.h"
#include "entity_ref.h"
#include "entity_rules.h"
#include "hash_set.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "relation.h"

typedef const char *rule(struct slice text);

static const char twice[] = "a key comes twice in one object";

/* What the entity's scratch buffers hold: texts whose JSON has escapes. */
enum { OF_TEXT, OF_KEY, OF_FULL_REF, OF_KIND, OF_NAME, OF_NAMESPACE, OF_API_VERSION };

/* Objects of an entity that are read one in the other: the root, metadata, links, spec, profile. */
enum { DEEPEST = 8 };

/* What one pass over an entity gathers. */
struct pass {
	struct entity *entity;
	struct json_cursor *cursor;
	struct slice text;            /* the string read last, decoded; valid until the next */
	struct slice kind, name, name_space, api_version;
	struct slice spec;            /* skipped where kind and metadata come behind it */
	bool has_metadata, has_spec;
	uint64_t self;                /* hash of the entity's ref */
	size_t frames[DEEPEST];       /* where the keys of each open object begin in entity->keys */
	unsigned depth;
};

static void wrong(struct pass *pass, const char *field, const char *expected)
{
	if (!pass->entity->wrong.length)
		buffer_add_format(&pass->entity->wrong, "%s: %s", field, expected);
}

static void add_hash(struct hash_list *list, uint64_t hash)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? 2 * list->capacity : 16;
		list->values = memory_resize(list->values, list->capacity, sizeof *list->values);
	}
	list->values[list->count++] = hash;
}

/* What the cursor took last as text. Most strings have no escape: they are their own text. */
static struct slice decoded(const struct json_cursor *cursor, struct slice raw, struct buffer *buffer)
{
	if (!cursor->escaped)
		return raw;
	buffer_clear(buffer);
	json_string_decode(raw, buffer);
	return slice_of(buffer->data, buffer->length);
}

static void begin_object(struct pass *pass)
{
	json_enter_object(pass->cursor);
	pass->frames[pass->depth++] = pass->entity->keys.count;
}

/* The next member's key, decoded. False behind the last, when the object's keys have been compared. */
static bool next_member(struct pass *pass, struct slice *key)
{
	struct key_list *keys = &pass->entity->keys;
	struct slice raw;

	if (json_next_member(pass->cursor, &raw)) {
		key_list_add(keys, raw);
		*key = decoded(pass->cursor, raw, &pass->entity->scratch[OF_KEY]);
		return true;
	}
	if (key_list_has_duplicate(keys, pass->frames[--pass->depth]))
		wrong(pass, "root", twice);
	return false;
}

/* Takes a value that no rule is about. */
static void skip(struct pass *pass)
{
	enum json_type type = json_peek(pass->cursor);
	struct slice value;

	if (json_skip(pass->cursor, &value) && (type == JSON_OBJECT || type == JSON_ARRAY) && json_has_duplicate_key(value))
		wrong(pass, "root", twice);
}

/* Takes a value that must be a string by a rule; true with its text in pass->text. */
static bool take_string(struct pass *pass, const char *field, rule *check)
{
	struct slice raw;
	const char *expected;

	pass->text = slice_of("", 0);
	if (json_peek(pass->cursor) != JSON_STRING) {
		wrong(pass, field, "expected a string");
		skip(pass);
		return false;
	}
	if (!json_string_raw(pass->cursor, &raw))
		return false;
	pass->text = decoded(pass->cursor, raw, &pass->entity->scratch[OF_TEXT]);
	expected = check(pass->text);
	if (expected)
		wrong(pass, field, expected);
	return !expected;
}

/* The same, the text kept for the whole pass. */
static struct slice keep_string(struct pass *pass, const char *field, rule *check, int which)
{
	struct buffer *buffer = &pass->entity->scratch[which];

	take_string(pass, field, check);
	if (pass->text.data != pass->entity->scratch[OF_TEXT].data)
		return pass->text;
	buffer_clear(buffer);
	buffer_add(buffer, pass->text.data, pass->text.length);
	return slice_of(buffer->data, buffer->length);
}

static bool enter(struct pass *pass, const char *field, bool object)
{
	if (object && json_peek(pass->cursor) == JSON_OBJECT) {
		begin_object(pass);
		return true;
	}
	if (!object && json_peek(pass->cursor) == JSON_ARRAY)
		return json_enter_array(pass->cursor);
	wrong(pass, field, object ? "expected an object" : "expected an array");
	skip(pass);
	return false;
}

/* The id of a stream and that of what was published of it must be the same. */
static void blank_line_feeds(struct buffer *id)
{
	for (size_t i = 0; i < id->length; i++)
		if (id->data[i] == '\n')
			id->data[i] = ' ';
}

/* Labels or annotations: keys and values by rules; of annotations the Okta id and the e-mail are kept. */
static void read_map(struct pass *pass, const char *field, rule *check_value, bool annotations)
{
	struct slice key;

	if (!enter(pass, field, true))
		return;
	while (next_member(pass, &key)) {
		const char *expected = rule_key(key);
		bool is_email = annotations && slice_equals(key, "okta.com/email");
		bool is_id = annotations && (slice_equals(key, "okta.com/user-id") || slice_equals(key, "okta.com/group-id"));

		if (expected)
			wrong(pass, field, expected);
		if (take_string(pass, field, check_value) && (is_id || is_email)) {
			struct buffer *kept = is_id ? &pass->entity->okta_id : &pass->entity->email;

			buffer_clear(kept);
			buffer_add(kept, pass->text.data, pass->text.length);
			if (is_id)
				blank_line_feeds(kept);
		}
	}
}

static void read_strings(struct pass *pass, const char *field, rule *check)
{
	if (!enter(pass, field, false))
		return;
	while (json_next_element(pass->cursor))
		take_string(pass, field, check);
}

static void read_link(struct pass *pass)
{
	bool has_url = false;
	struct slice key;

	if (!enter(pass, "metadata.links", true))
		return;
	while (next_member(pass, &key)) {
		if (slice_equals(key, "url")) {
			has_url = true;
			take_string(pass, "metadata.links.url", rule_url);
		} else if (slice_equals(key, "title") || slice_equals(key, "icon")) {
			take_string(pass, "metadata.links", rule_not_blank);
		} else if (slice_equals(key, "type")) {
			take_string(pass, "metadata.links.type", rule_not_empty);
		} else {
			skip(pass);
		}
	}
	if (!has_url)
		wrong(pass, "metadata.links.url", "missing");
}

static void read_links(struct pass *pass)
{
	if (!enter(pass, "metadata.links", false))
		return;
	while (json_next_element(pass->cursor))
		read_link(pass);
}

static void read_metadata(struct pass *pass)
{
	struct slice key;

	pass->has_metadata = true;
	if (!enter(pass, "metadata", true))
		return;
	while (next_member(pass, &key)) {
		if (slice_equals(key, "name"))
			pass->name = keep_string(pass, "metadata.name", rule_name, OF_NAME);
		else if (slice_equals(key, "namespace"))
			pass->name_space = keep_string(pass, "metadata.namespace", rule_namespace, OF_NAMESPACE);
		else if (slice_equals(key, "title"))
			take_string(pass, "metadata.title", rule_not_empty);
		else if (slice_equals(key, "uid"))
			take_string(pass, "metadata.uid", rule_not_empty);
		else if (slice_equals(key, "etag"))
			take_string(pass, "metadata.etag", rule_not_empty);
		else if (slice_equals(key, "description"))
			take_string(pass, "metadata.description", rule_any);
		else if (slice_equals(key, "labels"))
			read_map(pass, "metadata.labels", rule_label_value, false);
		else if (slice_equals(key, "annotations"))
			read_map(pass, "metadata.annotations", rule_any, true);
		else if (slice_equals(key, "tags"))
			read_strings(pass, "metadata.tags", rule_tag);
		else if (slice_equals(key, "links"))
			read_links(pass);
		else
			skip(pass);
	}
}

static void add_ref(struct pass *pass, const struct spec_field *field, struct slice ref, bool membership)
{
	struct entity *entity = pass->entity;
	struct buffer *full = &entity->scratch[OF_FULL_REF];
	struct slice space = pass->name_space.length ? pass->name_space : slice_of_string("default");
	uint64_t other;

	if (!entity_ref_is_full(ref)) {
		buffer_clear(full);
		if (!entity_ref_add_full(full, ref, field->kind ? field->kind : "", space)) {
			wrong(pass, field->path, field->kind ? "expected a ref, [kind:][namespace/]name"
				: "expected a ref with its kind, kind:[namespace/]name");
			return;
		}
		ref = slice_of(full->data, full->length);
	}
	other = hash_of(ref);
	add_hash(&entity->refs, other);
	if (membership)
		add_hash(&entity->relations, relation_of(entity->kind == ENTITY_USER, pass->self, other));
}

static void read_ref(struct pass *pass, const struct spec_field *field, bool membership)
{
	if (take_string(pass, field->path, rule_not_empty))
		add_ref(pass, field, pass->text, membership);
}

static void read_refs(struct pass *pass, const struct spec_field *field)
{
	bool membership = pass->entity->ref.length && pass->entity->kind != ENTITY_OTHER
		&& strcmp(field->name, pass->entity->kind == ENTITY_USER ? "memberOf" : "members") == 0;
	struct slice ref;

	if (!enter(pass, field->path, false))
		return;
	for (;;)
		if (json_next_plain_string(pass->cursor, &ref))
			add_ref(pass, field, ref, membership);
		else if (json_next_element(pass->cursor))
			read_ref(pass, field, membership);
		else
			break;
}

static void read_profile(struct pass *pass)
{
	struct slice key;

	if (!enter(pass, "spec.profile", true))
		return;
	while (next_member(pass, &key))
		if (slice_equals(key, "displayName") || slice_equals(key, "email") || slice_equals(key, "picture"))
			take_string(pass, "spec.profile", rule_not_empty);
		else
			skip(pass);
}

static void read_field(struct pass *pass, const struct spec_field *field)
{
	switch (field->type) {
	case SPEC_TEXT: take_string(pass, field->path, rule_not_empty); return;
	case SPEC_TEXTS: read_strings(pass, field->path, rule_not_empty); return;
	case SPEC_REF: read_ref(pass, field, false); return;
	case SPEC_REFS: read_refs(pass, field); return;
	case SPEC_PROFILE: read_profile(pass); return;
	case SPEC_PRESENCE: take_string(pass, field->path, rule_presence); return;
	}
}

static void read_spec(struct pass *pass)
{
	const struct spec_field *fields = entity_spec_fields(pass->kind), *field;
	unsigned seen = 0;
	struct slice key;

	if (!fields && json_peek(pass->cursor) == JSON_OBJECT) {
		skip(pass);
		return;
	}
	if (!enter(pass, "spec", true))
		return;
	while (next_member(pass, &key)) {
		for (field = fields; field->name && !slice_equals(key, field->name); field++)
			;
		if (field->name) {
			seen |= 1U << (field - fields);
			read_field(pass, field);
		} else {
			skip(pass);
		}
	}
	for (field = fields; field->name; field++)
		if (field->required && !(seen & 1U << (field - fields)))
			wrong(pass, field->path, field->type == SPEC_REFS ? "missing; expected an array, which may be empty" : "missing");
}

/* What the rules of the spec depend on is known. */
static void begin_spec(struct pass *pass)
{
	struct entity *entity = pass->entity;
	struct slice space = pass->name_space.length ? pass->name_space : slice_of_string("default");

	const char *meant = entity_kind_meant(pass->kind);
	struct slice kind = meant ? slice_of_string(meant) : pass->kind;

	entity->kind = slice_equals(kind, "User") ? ENTITY_USER : slice_equals(kind, "Group") ? ENTITY_GROUP : ENTITY_OTHER;
	buffer_clear(&entity->ref);
	if (pass->kind.length && pass->name.length)
		entity_ref_add(&entity->ref, pass->kind, space, pass->name);
	pass->self = hash_of(slice_of(entity->ref.data, entity->ref.length));
}

static void read_root(struct pass *pass)
{
	struct slice key;

	begin_object(pass);
	while (next_member(pass, &key)) {
		if (slice_equals(key, "apiVersion")) {
			pass->api_version = keep_string(pass, "apiVersion", rule_api_version, OF_API_VERSION);
		} else if (slice_equals(key, "kind")) {
			pass->kind = keep_string(pass, "kind", rule_kind, OF_KIND);
		} else if (slice_equals(key, "metadata")) {
			read_metadata(pass);
		} else if (slice_equals(key, "spec") && pass->kind.length && pass->name.length) {
			pass->has_spec = true;
			begin_spec(pass);
			read_spec(pass);
		} else if (slice_equals(key, "spec")) {
			json_skip(pass->cursor, &pass->spec);
		} else {
			wrong(pass, "root", "expected only apiVersion, kind, metadata and spec");
			skip(pass);
		}
	}
}

/* The spec that stood before what its rules depend on, or none. */
static void read_late_spec(struct pass *pass)
{
	struct json_cursor *cursor = pass->cursor, spec = json_cursor(pass->spec.data, pass->spec.length);

	if (pass->has_spec)
		return;
	begin_spec(pass);
	pass->cursor = &spec;
	if (pass->spec.data)
		read_spec(pass);
	else if (entity_spec_fields(pass->kind))
		wrong(pass, "spec", "missing");
	pass->cursor = cursor;
}

static void clear(struct entity *entity)
{
	buffer_clear(&entity->ref);
	buffer_clear(&entity->okta_id);
	buffer_clear(&entity->email);
	buffer_clear(&entity->wrong);
	entity->kind = ENTITY_OTHER;
	entity->refs.count = entity->relations.count = entity->keys.count = 0;
}

/* Without regard to case Backstage only compares refs: no processor takes an entity of kind "user". */
static void check_kind(struct pass *pass)
{
	struct buffer expected = BUFFER_EMPTY;
	const char *meant = entity_kind_meant(pass->kind);

	if (meant)
		buffer_add_format(&expected, "expected %s, with these capitals", meant);
	if (meant)
		wrong(pass, "kind", buffer_string(&expected));
	buffer_free(&expected);
}

static void check_root(struct pass *pass)
{
	check_kind(pass);
	if (!pass->api_version.length)
		wrong(pass, "apiVersion", "missing");
	else if (entity_spec_fields(pass->kind) && rule_own_api_version(pass->api_version))
		wrong(pass, "apiVersion", rule_own_api_version(pass->api_version));
	if (!pass->has_metadata || !pass->name.length)
		wrong(pass, "metadata.name", "missing");
}

void entity_read(struct entity *entity, struct json_cursor *cursor)
{
	struct pass pass = {.entity = entity, .cursor = cursor};

	clear(entity);
	read_root(&pass);
	if (cursor->error)
		return;
	read_late_spec(&pass);
	check_root(&pass);
	if (entity->kind != ENTITY_USER)
		buffer_clear(&entity->email);
}

void entity_read_text(struct entity *entity, struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);

	entity_read(entity, &cursor);
}

enum entity_kind entity_kind_of(struct slice ref)
{
	if (ref.length > 5 && memcmp(ref.data, "user:", 5) == 0)
		return ENTITY_USER;
	return ref.length > 6 && memcmp(ref.data, "group:", 6) == 0 ? ENTITY_GROUP : ENTITY_OTHER;
}

void entity_free(struct entity *entity)
{
	buffer_free(&entity->ref);
	buffer_free(&entity->okta_id);
	buffer_free(&entity->email);
	buffer_free(&entity->wrong);
	for (size_t i = 0; i < sizeof entity->scratch / sizeof *entity->scratch; i++)
		buffer_free(&entity->scratch[i]);
	key_list_free(&entity->keys);
	free(entity->refs.values);
	free(entity->relations.values);
}
