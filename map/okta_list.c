#include "okta_list.h"

#include <strings.h>

const char *const okta_states[] = {"STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED", NULL};
const char *const okta_types[] = {"OKTA_GROUP", "APP_GROUP", "BUILT_IN", NULL};

/* The bit of a word; 0: it is none of these. */
static unsigned bit_of(const char *const *words, struct slice word)
{
	for (unsigned i = 0; words[i]; i++)
		if (strlen(words[i]) == word.length && strncasecmp(words[i], word.data, word.length) == 0)
			return 1u << i;
	return 0;
}

struct slice okta_list_add(const char *const *words, const char *list, unsigned *set)
{
	static const char blanks[] = " \t";

	for (const char *p = list; *p; p += *p == ',') {
		const char *start = p + strspn(p, blanks), *end = start + strcspn(start, ",");

		p = end;
		while (end > start && strchr(blanks, end[-1]))
			end--;
		if (end > start && !bit_of(words, slice_of(start, (size_t)(end - start))))
			return slice_of(start, (size_t)(end - start));
		*set |= bit_of(words, slice_of(start, (size_t)(end - start)));
	}
	return slice_of(NULL, 0);
}

bool okta_list_has(const char *const *words, unsigned set, struct slice word)
{
	return set && (set & bit_of(words, word)) != 0;
}
