#include "page_size.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static const long sizes[] = {1000, 200, 100, 50, 20, 10};

/* Where the number of the parameter limit stands, or NULL. */
static char *find_limit(char *url)
{
	char *p = strchr(url, '?');

	for (; p; p = strchr(p + 1, '&'))
		if (strncmp(p + 1, "limit=", 6) == 0)
			return p + 7;
	return NULL;
}

static void rewrite(char **url, char *number, long size)
{
	size_t head = (size_t)(number - *url), room = strlen(*url) + 24;
	const char *rest = number + strspn(number, "0123456789");
	char *longer = memory_alloc(room);

	snprintf(longer, room, "%.*s%ld%s", (int)head, *url, size, rest);
	free(*url);
	*url = longer;
}

bool page_size_lower(char **url, long *size)
{
	char *number = find_limit(*url);
	long now = number ? strtol(number, NULL, 10) : 0;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (sizes[i] < now) {
			rewrite(url, number, sizes[i]);
			if (*size > sizes[i])
				*size = sizes[i];
			return true;
		}
	return false;
}

void page_size_apply(char **url, long size)
{
	char *number = find_limit(*url);

	if (number && strtol(number, NULL, 10) > size)
		rewrite(url, number, size);
}
