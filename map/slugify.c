#include "slugify.h"

#include <stdlib.h>

#include "character.h"
#include "json_string.h"
#include "letter_case.h"

/* What slugify keeps unless told otherwise: [\w\s$*_+~.()'"!\-:@] */
static bool default_keeps(int32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || character_is_space(c)
		|| (c < 0x80 && c > 0 && strchr("$*_+~.()'\"!-:@", (char)c));
}

static bool all_but_plus(int32_t c)
{
	return c != '+';
}

/* The replacements of the table, without what is removed. */
static struct code_points replace(struct slice text, bool (*keeps)(int32_t))
{
	struct code_points points = code_points_of(text), kept;
	struct buffer replaced = BUFFER_EMPTY;

	code_points_compose(&points);
	for (size_t i = 0; i < points.count; i++) {
		const char *other = character_find(slugify_table, slugify_count, points.at[i]);
		struct code_points one = {&points.at[i], 1, 1}, several = {NULL, 0, 0};

		if (other)
			one = several = code_points_of(slice_of_string(other));
		for (size_t k = 0; k < one.count; k++) {
			int32_t c = one.at[k] == '-' ? ' ' : one.at[k];

			if (keeps(c))
				utf8_add(&replaced, c);
		}
		free(several.at);
	}
	free(points.at);
	kept = code_points_of(slice_of(replaced.data, replaced.length));
	buffer_free(&replaced);
	return kept;
}

static void add(struct buffer *name, struct slice text, bool (*keeps)(int32_t))
{
	struct code_points s = replace(text, keeps);
	size_t first = 0, end = s.count;

	while (first < end && character_is_space(s.at[first]))
		first++;
	while (end > first && character_is_space(s.at[end - 1]))
		end--;
	for (size_t i = first; i < end; i++)
		if (!character_is_space(s.at[i]))
			utf8_add(name, letter_lower(s.at[i]));
		else if (!character_is_space(s.at[i - 1]))
			buffer_add_byte(name, '-');
	free(s.at);
}

bool slugify_add_email(struct buffer *name, struct slice email)
{
	const char *sign = email.length ? memchr(email.data, '@', email.length) : NULL;
	const char *rest, *second;
	size_t left;

	if (!sign)
		return false;
	rest = sign + 1;
	left = email.length - (size_t)(rest - email.data);
	second = memchr(rest, '@', left);
	add(name, slice_of(email.data, (size_t)(sign - email.data)), all_but_plus);
	buffer_add_byte(name, '-');
	add(name, slice_of(rest, second ? (size_t)(second - rest) : left), default_keeps);
	return true;
}
