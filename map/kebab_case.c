#include "kebab_case.h"

#include <stdlib.h>

#include "character.h"
#include "json_string.h"
#include "letter_case.h"

/* The classes of lodash's unicode words. */
enum class { LOWER = 1, UPPER = 2, DIGIT = 4, BREAK = 8, DINGBAT = 16, ASTRAL = 32, MISC = 64 };

static enum class class_of(int32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0xff && c != 0xf7))
		return LOWER;
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7))
		return UPPER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c <= 0xbf || c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c <= 0x206f) || c == 0xfeff || c == 0x1680 || c == 0x180e || c == 0x3000)
		return BREAK;
	if (c >= 0x2700 && c <= 0x27bf)
		return DINGBAT;
	return c > 0xffff ? ASTRAL : MISC;
}

static bool is_combining(int32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f);
}

/* The text without accents, combining marks and apostrophes. */
static struct code_points prepare(struct slice text)
{
	struct code_points all = code_points_of(text), prepared;
	struct buffer ascii = BUFFER_EMPTY;

	for (size_t i = 0; i < all.count; i++) {
		const char *plain = character_find(deburr_table, deburr_count, all.at[i]);

		if (plain)
			buffer_add_string(&ascii, plain);
		else if (!is_combining(all.at[i]) && all.at[i] != 0x2019)
			utf8_add(&ascii, all.at[i]);
	}
	free(all.at);
	for (size_t i = 0, kept = 0, length = ascii.length; i < length; i++) {
		ascii.data[kept] = ascii.data[i];
		kept += ascii.data[i] != '\'';
		ascii.length = kept;
	}
	prepared = code_points_of(slice_of(ascii.data, ascii.length));
	buffer_free(&ascii);
	return prepared;
}

static enum class at(const struct code_points *s, size_t i)
{
	return i < s->count ? class_of(s->at[i]) : 0;
}

/* The end of the run of classes from i on. */
static size_t run(const struct code_points *s, size_t i, unsigned classes)
{
	while (i < s->count && class_of(s->at[i]) & classes)
		i++;
	return i;
}

/* UPPER? LOWER+ before BREAK, UPPER or the end. */
static size_t capitalized(const struct code_points *s, size_t i)
{
	size_t start = i + (at(s, i) == UPPER), end = run(s, start, LOWER);

	return end > start && (end == s->count || at(s, end) & (BREAK | UPPER)) ? end : i;
}

/* (UPPER | MISC)+ before BREAK, UPPER (LOWER | MISC) or the end, as long as possible: an acronym. */
static size_t acronym(const struct code_points *s, size_t i)
{
	for (size_t end = run(s, i, UPPER | MISC); end > i; end--)
		if (end == s->count || at(s, end) == BREAK || (at(s, end) == UPPER && at(s, end + 1) & (LOWER | MISC)))
			return end;
	return i;
}

/* 1st, 22nd, 3RD, 4TH: digits and two letters of one case, before a word's end or the other case. */
static size_t ordinal(const struct code_points *s, size_t i)
{
	static const char suffixes[] = "thstndrd";
	size_t end = run(s, i, DIGIT);
	int32_t last, next, a, b;
	bool upper;

	if (end == i || end + 1 >= s->count)
		return i;
	last = s->at[end - 1];
	a = s->at[end];
	b = s->at[end + 1];
	upper = a >= 'A' && a <= 'Z';
	for (int k = 0; k < 4; k++) {
		int32_t offset = upper ? 32 : 0;
		bool fits_digit = k ? last == '0' + k : last < '1' || last > '3';

		if (!fits_digit || a + offset != suffixes[2 * k] || b + offset != suffixes[2 * k + 1])
			continue;
		next = end + 2 < s->count ? s->at[end + 2] : ' ';
		if (!((next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_')
			|| next == '_' || (upper ? next >= 'a' && next <= 'z' : next >= 'A' && next <= 'Z'))
			return end + 2;
	}
	return i;
}

static bool is_regional(int32_t c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* A variation selector and a modifier behind a symbol. */
static size_t modifiers(const struct code_points *s, size_t i)
{
	if (i < s->count && (s->at[i] == 0xfe0e || s->at[i] == 0xfe0f))
		i++;
	if (i < s->count && s->at[i] >= 0x1f3fb && s->at[i] <= 0x1f3ff)
		i++;
	return i;
}

/* One emoji, with what is joined to it by U+200D. */
static size_t emoji(const struct code_points *s, size_t i)
{
	size_t end = i;

	if (!(at(s, i) & (DINGBAT | ASTRAL)))
		return i;
	end += is_regional(s->at[i]) && i + 1 < s->count && is_regional(s->at[i + 1]) ? 2 : 1;
	end = modifiers(s, end);
	while (end + 1 < s->count && s->at[end] == 0x200d) {
		end += is_regional(s->at[end + 1]) && end + 2 < s->count && is_regional(s->at[end + 2]) ? 3 : 2;
		end = modifiers(s, end);
	}
	return end;
}

/* The end of the word that begins at i; i: none does. The order is that of lodash's alternatives. */
static size_t word(const struct code_points *s, size_t i)
{
	size_t end;

	if ((end = capitalized(s, i)) > i || (end = acronym(s, i)) > i)
		return end;
	end = run(s, i + (at(s, i) == UPPER), LOWER | MISC);
	if (end > i + (at(s, i) == UPPER))
		return end;
	if ((end = run(s, i, UPPER)) > i || (end = ordinal(s, i)) > i || (end = run(s, i, DIGIT)) > i)
		return end;
	return emoji(s, i);
}

static bool is_ascii_class(int32_t c, unsigned classes)
{
	return c < 0x80 && class_of(c) & classes;
}

/* Does the text need more than runs of letters and digits? */
static bool has_unicode_word(const struct code_points *s)
{
	for (size_t i = 0; i < s->count; i++) {
		int32_t a = s->at[i], b = i + 1 < s->count ? s->at[i + 1] : ' ', c = i + 2 < s->count ? s->at[i + 2] : ' ';

		if (a != ' ' && !is_ascii_class(a, LOWER | UPPER | DIGIT))
			return true;
		if (is_ascii_class(a, LOWER) && is_ascii_class(b, UPPER))
			return true;
		if (is_ascii_class(a, UPPER) && is_ascii_class(b, UPPER) && is_ascii_class(c, LOWER))
			return true;
		if ((is_ascii_class(a, DIGIT) && is_ascii_class(b, LOWER | UPPER)) || (is_ascii_class(a, LOWER | UPPER) && is_ascii_class(b, DIGIT)))
			return true;
	}
	return false;
}

void kebab_case_add(struct buffer *name, struct slice text)
{
	struct code_points s = prepare(text);
	bool unicode = has_unicode_word(&s), first = true;

	for (size_t i = 0; i < s.count;) {
		size_t end = unicode ? word(&s, i) : run(&s, i, LOWER | UPPER | DIGIT);

		if (end == i) {
			i++;
			continue;
		}
		if (!first)
			buffer_add_byte(name, '-');
		first = false;
		for (; i < end; i++)
			utf8_add(name, letter_lower(s.at[i]));
	}
	free(s.at);
}
