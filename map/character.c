#include "character.h"

#include <stdlib.h>

#include "json_string.h"
#include "memory.h"

struct code_points code_points_of(struct slice text)
{
	struct code_points points = {memory_alloc((text.length + 1) * sizeof *points.at), 0, text.length + 1};
	const char *p = text.data, *end = text.data + text.length;

	while (p < end) {
		int32_t c = utf8_next(&p, end);

		points.at[points.count++] = c < 0 ? 0xfffd : c;
	}
	return points;
}

enum {
	HANGUL = 0xac00, LEADING = 0x1100, VOWEL = 0x1161, TRAILING = 0x11a7,
	VOWELS = 21, TRAILINGS = 28, LEADINGS = 19, SYLLABLES = LEADINGS * VOWELS * TRAILINGS
};

static int32_t class_of(int32_t c)
{
	size_t low = 0, high = c < 0x300 ? 0 : class_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (class_table[middle].code == c)
			return class_table[middle].class;
		if (class_table[middle].code < c)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static void append(struct code_points *points, int32_t c)
{
	if (points->count == points->capacity) {
		points->capacity = points->capacity ? points->capacity * 2 : 32;
		points->at = memory_resize(points->at, points->capacity, sizeof *points->at);
	}
	points->at[points->count++] = c;
}

static const struct character_decomposition *decomposition_of(int32_t c)
{
	size_t low = 0, high = decomposition_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (decomposition_table[middle].code == c)
			return &decomposition_table[middle];
		if (decomposition_table[middle].code < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Appends what a character is made of, down to what is made of nothing: three levels at most. */
static void append_decomposed(struct code_points *points, int32_t c)
{
	const struct character_decomposition *parts = c < 0xc0 ? NULL : decomposition_of(c);

	if (c >= HANGUL && c < HANGUL + SYLLABLES) {
		int32_t syllable = c - HANGUL;

		append(points, LEADING + syllable / (VOWELS * TRAILINGS));
		append(points, VOWEL + syllable % (VOWELS * TRAILINGS) / TRAILINGS);
		if (syllable % TRAILINGS)
			append(points, TRAILING + syllable % TRAILINGS);
	} else if (parts) {
		append_decomposed(points, parts->first);
		if (parts->second)
			append(points, parts->second);
	} else {
		append(points, c);
	}
}

/* Marks behind a letter by their classes; those of one class stay in order. */
static void order_marks(struct code_points *points)
{
	for (size_t i = 1; i < points->count; i++) {
		int32_t c = points->at[i], class = class_of(c);
		size_t k = i;

		for (; class && k && class_of(points->at[k - 1]) > class; k--)
			points->at[k] = points->at[k - 1];
		points->at[k] = c;
	}
}

/* What two characters become together; 0: nothing. */
static int32_t compose(int32_t base, int32_t mark)
{
	size_t low = 0, high = composition_count;

	if (base >= LEADING && base < LEADING + LEADINGS && mark >= VOWEL && mark < VOWEL + VOWELS)
		return HANGUL + ((base - LEADING) * VOWELS + mark - VOWEL) * TRAILINGS;
	if (base >= HANGUL && base < HANGUL + SYLLABLES && (base - HANGUL) % TRAILINGS == 0 && mark > TRAILING && mark < TRAILING + TRAILINGS)
		return base + mark - TRAILING;
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
	struct code_points all = {NULL, 0, 0};
	size_t starter = 0, used = 0;
	int32_t before = 0; /* the class of what was kept last behind the starter; -1: nothing was */

	for (size_t i = 0; i < points->count; i++)
		append_decomposed(&all, points->at[i]);
	order_marks(&all);
	for (size_t i = 0; i < all.count; i++) {
		int32_t class = class_of(all.at[i]), composed = 0;

		if (used && (before < class || before == -1) && class_of(all.at[starter]) == 0)
			composed = compose(all.at[starter], all.at[i]);
		if (composed) {
			all.at[starter] = composed;
			continue;
		}
		if (class == 0) {
			starter = used;
			before = -1;
		} else {
			before = class;
		}
		all.at[used++] = all.at[i];
	}
	all.count = used;
	free(points->at);
	*points = all;
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

bool character_is_space(int32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028
		|| c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}
