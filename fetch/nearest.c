#include "nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { MOST = 3, LONGEST = 200 };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance of bytes, case apart. */
static size_t distance(const char *a, const char *b)
{
	size_t length = strlen(b), row[LONGEST + 1];

	if (length > LONGEST || strlen(a) > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t above = row[j];
			bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);

			row[j] = least(row[j] + 1, row[j - 1] + 1, diagonal + !same);
			diagonal = above;
		}
	}
	return row[length];
}

static bool is_among(const char *const *chosen, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(chosen[i], name) == 0)
			return true;
	return false;
}

void nearest_add(struct buffer *text, const char *name, char *const *names, size_t count)
{
	size_t bound = strlen(name) / 3 + 1, found = 0;
	const char *chosen[MOST];

	for (size_t d = 0; d <= bound && found < MOST; d++)
		for (size_t i = 0; i < count && found < MOST; i++)
			if (distance(name, names[i]) == d && !is_among(chosen, found, names[i])) {
				buffer_add_format(text, "%s\"%s\"", found ? ", " : "", names[i]);
				chosen[found++] = names[i];
			}
}
