/* For bench-map: pages of Okta's (a JSON array of objects each, one a line) cut into records with okta-fetch's page.c, verbatim, each checked whole. */
#include <stdio.h>
#include <stdlib.h>

#include "fetch/page.h"
#include "json_cursor.h"
#include "output.h"

/* As transport.c hands them over: pieces of what came off the wire. */
enum { PIECE = 16 * 1024 };

static const char *write_object(void *owner, struct slice object)
{
	struct json_cursor cursor = json_cursor(object.data, object.length);

	json_skip(&cursor, NULL);
	if (!json_end(&cursor))
		return cursor.error;
	output_write(owner, object.data, object.length);
	output_write(owner, "\n", 1);
	return NULL;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;
	struct output *output = output_open(1, "standard output");
	struct page page = {.object = write_object, .owner = output};
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;

	while (file && (length = getline(&line, &capacity, file)) > 0) {
		page_reset(&page);
		for (ssize_t at = 0; at < length; at += PIECE)
			page_add(&page, line + at, (size_t)(length - at < PIECE ? length - at : PIECE));
		if (page_judge(&page)) {
			fprintf(stderr, "page-cut: %s\n", page_judge(&page));
			return 65;
		}
	}
	page_free(&page);
	free(line);
	return file && output_close(output) == 0 ? 0 : 74;
}
