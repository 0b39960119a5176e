#include "character.h"

#include <stdlib.h>

#include "json_string.h"
#include "memory.h"

struct code_points code_points_of(struct slice text)
{
	struct code_points points = {memory_alloc((text.length + 1) * sizeof *points.at), 0};
	const char *p = text.data, *end = text.data + text.length;

	while (p < end) {
		int32_t c = utf8_next(&p, end);

		points.at[points.count++] = c < 0 ? 0xfffd : c;
	}
	return points;
}

static int32_t compose(int32_t base, int32_t mark)
{
	size_t low = 0, high = composition_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct character_composition *pair = &composition_table[middle];

		if (pair->base == base && pair->mark == mark)
			return pair->composed;
		if (pair->base < base || (pair->base == base && pair->mark < mark))
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

void code_points_compose(struct code_points *points)
{
	size_t used = 0;

	for (size_t i = 0; i < points->count; i++) {
		int32_t composed = used ? compose(points->at[used - 1], points->at[i]) : 0;

		if (composed)
			points->at[used - 1] = composed;
		else
			points->at[used++] = points->at[i];
	}
	points->count = used;
}

const char *character_find(const struct character_text *table, size_t count, int32_t c)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (table[middle].code == c)
			return table[middle].text;
		if (table[middle].code < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int32_t character_lower(int32_t c)
{
	size_t low = 0, high = lower_count;

	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (lower_table[middle].code == c)
			return lower_table[middle].other;
		if (lower_table[middle].code < c)
			low = middle + 1;
		else
			high = middle;
	}
	return c;
}

bool character_is_space(int32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028
		|| c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}
