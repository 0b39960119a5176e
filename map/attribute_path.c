#include "attribute_path.h"

#include <stdlib.h>

#include "json_cursor.h"
#include "memory.h"
#include "quantity.h"

/* What Okta's user and group objects have beside their profile. */
static const char *const record_members[] = {"id", "status", "created", "activated", "statusChanged", "lastLogin", "lastUpdated",
	"passwordChanged", "lastMembershipUpdated", "objectClass", "type", "source", "realmId", "transitioningToStatus", "credentials", "_links",
	"_embedded"};

static bool is_record_member(const char *name)
{
	for (size_t i = 0; i < sizeof record_members / sizeof *record_members; i++)
		if (strcmp(name, record_members[i]) == 0)
			return true;
	return false;
}

/* Copies a step to *out, which is moved behind its NUL. False when it is empty. */
static bool add_step(struct attribute_path *path, char **out, const char *step, size_t length)
{
	if (!length || path->count == ATTRIBUTE_DEPTH)
		return false;
	path->steps[path->count++] = *out;
	memcpy(*out, step, length);
	(*out)[length] = '\0';
	*out += length + 1;
	return true;
}

/* Takes [0], ["name"] or ['name']; gives what follows, NULL when it is none. */
static const char *take_bracket(struct attribute_path *path, char **out, const char *p)
{
	char quote = p[1];
	bool quoted = quote == '"' || quote == '\'';
	const char *start = p + 1 + quoted, *end = strchr(start, quoted ? quote : ']');

	if (!end || (quoted && end[1] != ']') || !add_step(path, out, start, (size_t)(end - start)))
		return NULL;
	return end + 1 + quoted;
}

static bool split(struct attribute_path *path, const char *p)
{
	char *out = path->text;

	if (*p != '[') {
		size_t length = strcspn(p, ".[");

		if (!add_step(path, &out, p, length))
			return false;
		p += length;
	}
	while (p && *p) {
		size_t length = strcspn(p + 1, ".[");

		if (*p == '[')
			p = take_bracket(path, &out, p);
		else if (*p == '.' && add_step(path, &out, p + 1, length))
			p += length + 1;
		else
			return false;
	}
	return p != NULL;
}

bool attribute_path_parse(struct attribute_path *path, const char *text)
{
	memset(path, 0, sizeof *path);
	path->text = memory_alloc(2 * strlen(text) + 2);
	if (!split(path, text)) {
		attribute_path_free(path);
		return false;
	}
	path->in_profile = !is_record_member(path->steps[0]);
	if (strcmp(path->steps[0], "profile") == 0 && path->count > 1) {
		memmove(path->steps, path->steps + 1, --path->count * sizeof *path->steps);
		path->in_profile = true;
	}
	path->first_length = strlen(path->steps[0]);
	return true;
}

bool attribute_path_is_email(const struct attribute_path *path)
{
	return path->in_profile && path->count == 1
		&& strcmp(path->steps[0], "email") == 0;
}

void attribute_path_free(struct attribute_path *path)
{
	free(path->text);
	memset(path, 0, sizeof *path);
}

static struct slice member_of(struct json_cursor *cursor, const char *name)
{
	struct slice key, value, found = {NULL, 0};

	json_enter_object(cursor);
	while (json_next_member(cursor, &key) && json_skip(cursor, &value))
		if (json_key_equals(key, name))
			found = value;
	return found;
}

static struct slice element_of(struct json_cursor *cursor, const char *index)
{
	struct slice value;
	long wanted;

	if (!quantity_number(index, 0, 1000000000, &wanted))
		return slice_of(NULL, 0);
	json_enter_array(cursor);
	while (json_next_element(cursor) && json_skip(cursor, &value))
		if (wanted-- == 0)
			return value;
	return slice_of(NULL, 0);
}

struct slice attribute_path_below(const struct attribute_path *path, struct slice value)
{
	for (size_t i = 1; value.data && i < path->count; i++) {
		struct json_cursor cursor = json_cursor(value.data, value.length);
		enum json_type type = json_peek(&cursor);

		if (type == JSON_OBJECT)
			value = member_of(&cursor, path->steps[i]);
		else if (type == JSON_ARRAY)
			value = element_of(&cursor, path->steps[i]);
		else
			value = slice_of(NULL, 0);
	}
	return value;
}
