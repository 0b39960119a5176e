#include "naming.h"

#include <string.h>

#include "entity_name.h"
#include "kebab_case.h"
#include "message.h"
#include "slugify.h"

bool naming_user_rule(enum user_rule rule, const char *text, struct buffer *name)
{
	struct slice email = slice_of_string(text);
	const char *sign;

	switch (rule) {
	case USER_ID:
		return text && buffer_add_string(name, text);
	case USER_KEBAB_EMAIL:
		kebab_case_add(name, email);
		return true;
	case USER_SLUGIFY_EMAIL:
		return text && slugify_add_email(name, email);
	case USER_STRIP_DOMAIN:
		sign = text ? strchr(text, '@') : NULL;
		return text && (!sign || buffer_add(name, text, (size_t)(sign - text)));
	}
	return false;
}

bool naming_group_rule(enum group_rule rule, const char *text, struct buffer *name)
{
	if (rule == GROUP_KEBAB_NAME) {
		kebab_case_add(name, slice_of_string(text));
		return true;
	}
	return text && buffer_add_string(name, text);
}

static const char *make_valid(struct arena *arena, bool ruled, struct buffer *name, const char *id, const char *what)
{
	struct buffer valid = BUFFER_EMPTY;
	const char *copy;

	if (ruled)
		entity_name_repair(&valid, slice_of(name->data, name->length), ENTITY_NAME_MAX);
	if (!valid.length) {
		warn("%s %s: the naming rule gives no usable name, so its Okta id is taken", what, id);
		entity_name_repair(&valid, slice_of_string(id), ENTITY_NAME_MAX);
	}
	copy = arena_copy(arena, slice_of(valid.data, valid.length));
	buffer_free(&valid);
	buffer_free(name);
	return copy;
}

const char *naming_of_user(struct arena *arena, const struct settings *settings, const struct party *user)
{
	struct buffer name = BUFFER_EMPTY;
	enum user_rule rule = (enum user_rule)settings->user_rule;
	bool ruled = naming_user_rule(rule, rule == USER_ID ? user->id : user->email, &name);

	return make_valid(arena, ruled, &name, user->id, "user");
}

const char *naming_of_group(struct arena *arena, const struct settings *settings, const struct party *group, const char *attribute)
{
	struct buffer name = BUFFER_EMPTY;
	enum group_rule rule = settings->group_rule;
	const char *text = rule == GROUP_ID ? group->id : rule == GROUP_PROFILE_ATTRIBUTE ? attribute : group->title;

	return make_valid(arena, naming_group_rule(rule, text, &name), &name, group->id, "group");
}
