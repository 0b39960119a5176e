#include "search.h"

#include <string.h>

#include "json_string.h"
#include "memory.h"

/*
 * Okta publishes no bound for expressions, but refuses "overly complex or long" ones; an answer's Link header
 * repeats it, too. Encoded, this stays below 4 kB.
 */
enum { BATCH_BYTES = 1000 };

bool search_is_group_id(const char *text)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return strlen(text) == 20 && strncmp(text, "00g", 3) == 0 && strspn(text, letters) == 20;
}

void search_add_groups(struct buffer *expression, const struct option_list *names, size_t *first)
{
	size_t terms = 0;

	while (*first < names->count && (terms == 0 || (terms < SEARCH_BATCH_TERMS
		&& expression->length + strlen(names->items[*first]) < BATCH_BYTES))) {
		const char *name = names->items[(*first)++];

		if (terms++)
			buffer_add_string(expression, " or ");
		if (search_is_group_id(name))
			buffer_add_format(expression, "id eq \"%s\" or ", name);
		buffer_add_string(expression, "profile.name eq ");
		json_string_encode(expression, slice_of_string(name));
	}
}

/* RFC 3986 section 2.3: only unreserved characters stay. */
static void add_encoded(struct buffer *url, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~", c))
			buffer_add_byte(url, (char)c);
		else
			buffer_add_format(url, "%%%02X", c);
	}
}

char *search_url(const char *origin, const char *path, const char *expression)
{
	struct buffer url = BUFFER_EMPTY;
	char *copy;

	buffer_add_string(&url, origin);
	buffer_add_string(&url, path);
	if (expression) {
		buffer_add_string(&url, "&search=");
		add_encoded(&url, expression);
	}
	copy = memory_copy_bytes(url.data, url.length);
	buffer_free(&url);
	return copy;
}
