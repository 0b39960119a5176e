#include "naming.h"

#include "entity_name.h"
#include "kebab_case.h"
#include "message.h"
#include "slugify.h"

bool naming_user_rule(enum user_rule rule, struct slice text, struct buffer *name)
{
	const char *sign;

	switch (rule) {
	case USER_ID:
	case USER_PROFILE_ATTRIBUTE:
		return text.data && buffer_add(name, text.data, text.length);
	case USER_KEBAB_EMAIL:
		kebab_case_add(name, text);
		return true;
	case USER_SLUGIFY_EMAIL:
		return text.data && slugify_add_email(name, text);
	case USER_STRIP_DOMAIN:
		sign = text.length ? memchr(text.data, '@', text.length) : NULL;
		return text.data && (!sign || buffer_add(name, text.data, (size_t)(sign - text.data)));
	}
	return false;
}

bool naming_group_rule(enum group_rule rule, struct slice text, struct buffer *name)
{
	if (rule == GROUP_KEBAB_NAME) {
		kebab_case_add(name, text);
		return true;
	}
	return text.data && buffer_add(name, text.data, text.length);
}

bool naming_make_valid(struct buffer *valid, bool ruled, struct slice name,
	struct slice id, const char *what)
{
	size_t before = valid->length;

	if (ruled && entity_name_valid(name)) {
		return buffer_add(valid, name.data, name.length);
	}
	if (ruled)
		entity_name_repair(valid, name, ENTITY_NAME_MAX);
	if (valid->length > before)
		return false;
	warn("%s %.*s: the naming rule gives no usable name, so its Okta id is taken", what, SLICE_ARG(id));
	entity_name_repair(valid, id, ENTITY_NAME_MAX);
	return false;
}
