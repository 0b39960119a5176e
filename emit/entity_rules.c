#include "entity_rules.h"

#include <stdbool.h>

#include "entity_name.h"
#include "json_string.h"
#include "url.h"

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

const char *rule_own_api_version(struct slice text)
{
	return slice_equals(text, "backstage.io/v1alpha1") || slice_equals(text, "backstage.io/v1beta1") ? NULL
		: "expected backstage.io/v1alpha1 or backstage.io/v1beta1";
}

const char *rule_name(struct slice text)
{
	return entity_name_valid(text) ? NULL
		: "expected 1 to 63 letters, digits and - _ . that begin and end with a letter or digit";
}

const char *rule_namespace(struct slice text)
{
	return entity_namespace_valid(text) ? NULL : "expected 1 to 63 lower-case letters, digits and hyphens inside";
}

const char *rule_not_empty(struct slice text)
{
	return text.length ? NULL : "expected text that is not empty";
}

/* What JavaScript's trim() takes off. */
static bool is_blank(int32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028
		|| c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

const char *rule_not_blank(struct slice text)
{
	const char *p = text.data, *end = text.data + text.length;

	while (p < end)
		if (!is_blank(utf8_next(&p, end)))
			return NULL;
	return "expected text that is not blank";
}

const char *rule_presence(struct slice text)
{
	return slice_equals(text, "required") || slice_equals(text, "optional") ? NULL : "expected required or optional";
}

const char *rule_any(struct slice text)
{
	(void)text;
	return NULL;
}

const char *rule_label_value(struct slice text)
{
	return !text.length || entity_name_valid(text) ? NULL
		: "expected nothing, or 1 to 63 letters, digits and - _ . that begin and end with a letter or digit";
}

/* ^[a-z0-9:+#]+(-[a-z0-9:+#]+)*$ */
const char *rule_tag(struct slice text)
{
	bool good = text.length >= 1 && text.length <= 63;

	for (size_t i = 0; good && i < text.length; i++) {
		char c = text.data[i];

		if (c == '-')
			good = i > 0 && i + 1 < text.length && text.data[i - 1] != '-';
		else
			good = is_lower_or_digit(c) || c == ':' || c == '+' || c == '#';
	}
	return good ? NULL : "expected 1 to 63 of a-z 0-9 : + # with single hyphens inside";
}

const char *rule_url(struct slice text)
{
	return url_valid(text) ? NULL : "expected an absolute URL";
}

/* Lower-case DNS labels joined by dots, at most 253 characters. */
static bool is_subdomain(struct slice text)
{
	size_t start = 0;

	if (text.length < 1 || text.length > 253)
		return false;
	for (size_t i = 0; i <= text.length; i++) {
		if (i < text.length && text.data[i] != '.')
			continue;
		if (!entity_namespace_valid(slice_of(text.data + start, i - start)))
			return false;
		start = i + 1;
	}
	return true;
}

/* The two parts of [prefix/]name; false when there are more. */
static bool split(struct slice text, struct slice *prefix, struct slice *name)
{
	const char *slash = text.length ? memchr(text.data, '/', text.length) : NULL;

	*prefix = slice_of(NULL, 0);
	*name = text;
	if (!slash)
		return true;
	*prefix = slice_of(text.data, (size_t)(slash - text.data));
	*name = slice_of(slash + 1, text.length - prefix->length - 1);
	return !memchr(name->data, '/', name->length);
}

static bool is_alphanumeric(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_lower_or_digit(text.data[i]) && !(text.data[i] >= 'A' && text.data[i] <= 'Z'))
			return false;
	return text.length >= 1 && text.length <= 63;
}

const char *rule_api_version(struct slice text)
{
	struct slice prefix, name;

	return split(text, &prefix, &name) && (!prefix.data || is_subdomain(prefix)) && is_alphanumeric(name) ? NULL
		: "expected [prefix/]version, such as backstage.io/v1alpha1";
}

const char *rule_kind(struct slice text)
{
	return is_alphanumeric(text) && !(text.data[0] >= '0' && text.data[0] <= '9') ? NULL
		: "expected 1 to 63 letters and digits that begin with a letter";
}

const char *rule_key(struct slice text)
{
	struct slice prefix, name;
	bool one_slash = split(text, &prefix, &name);

	if (prefix.data && !is_subdomain(prefix))
		return "expected a prefix of lower-case DNS labels before the slash";
	return one_slash && entity_name_valid(name) ? NULL : "expected [prefix/]name with a name of 1 to 63 letters, digits and - _ .";
}
