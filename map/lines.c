#include "lines.h"

#include <stdlib.h>

#include "memory.h"

/* Room for one more line and for what is wanted of it. */
static void make_room(struct lines *lines, const struct settings *settings)
{
	size_t wanted = okta_record_wanted_most(settings);

	if (lines->count < lines->capacity)
		return;
	lines->capacity = lines->capacity ? lines->capacity * 2 : 64;
	lines->at = memory_resize(lines->at, lines->capacity, sizeof *lines->at);
	lines->wanted = memory_resize(lines->wanted, lines->capacity * wanted + 1, sizeof *lines->wanted);
	for (size_t i = 0; i < lines->capacity; i++)
		lines->at[i].record.wanted = lines->wanted + i * wanted;
}

void lines_read(struct lines *lines, const struct settings *settings)
{
	struct slice text, kind;

	lines->count = 0;
	for (size_t at = 0; records_block_line(&lines->block, &at, &text); lines->count++) {
		struct line *line;

		make_room(lines, settings);
		line = &lines->at[lines->count];
		line->text = text;
		line->is_read = records_glance(text, &kind) && okta_record_read(&line->record, &lines->reader, kind, text, settings);
	}
}

void lines_free(struct lines *lines)
{
	buffer_free(&lines->block.bytes);
	free(lines->at);
	free(lines->wanted);
}
