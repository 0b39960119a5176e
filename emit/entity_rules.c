#include "entity_rules.h"

#include <stdbool.h>
#include <strings.h>

#include "entity_name.h"

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

const char *rule_api_version(struct slice text)
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

/* The schemes that need a host (WHATWG URL, special schemes but file). */
static bool needs_host(struct slice scheme)
{
	static const char *const names[] = {"http", "https", "ws", "wss", "ftp"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (scheme.length == strlen(names[i]) && strncasecmp(scheme.data, names[i], scheme.length) == 0)
			return true;
	return false;
}

/* An absolute URL, as new URL() takes it: a scheme, a colon, and a host where the scheme has one. */
const char *rule_url(struct slice text)
{
	static const char expected[] = "expected an absolute URL";
	size_t i = 0;

	while (i < text.length && (is_lower_or_digit((char)(text.data[i] | 0x20)) || (i && strchr("+-.", text.data[i]))))
		i++;
	if (!i || i >= text.length || text.data[i] != ':' || (text.data[0] >= '0' && text.data[0] <= '9'))
		return expected;
	if (!needs_host(slice_of(text.data, i)))
		return NULL;
	for (i++; i < text.length && (text.data[i] == '/' || text.data[i] == '\\'); i++)
		;
	return i < text.length && !strchr("?#: ", text.data[i]) ? NULL : expected;
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

const char *rule_key(struct slice text)
{
	const char *slash = text.length ? memchr(text.data, '/', text.length) : NULL;
	struct slice name = text;

	if (slash) {
		struct slice prefix = slice_of(text.data, (size_t)(slash - text.data));

		name = slice_of(slash + 1, text.length - prefix.length - 1);
		if (!is_subdomain(prefix))
			return "expected a prefix of lower-case DNS labels before the slash";
	}
	return entity_name_valid(name) ? NULL : "expected [prefix/]name with a name of 1 to 63 letters, digits and - _ .";
}
