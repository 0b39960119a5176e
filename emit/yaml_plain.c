#include "yaml_plain.h"

#include <strings.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Words that some reader takes for a truth value or for nothing (YAML 1.1: also yes, on, y). */
static bool is_reserved(struct slice text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"};

	if (text.length > 5 || !memchr("ynotfiYNOTFI", text.data[0], 12))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text.length == strlen(words[i]) && strncasecmp(text.data, words[i], text.length) == 0)
			return true;
	return false;
}

static inline bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* May the byte stand in text without quotes, beside colons and blanks? / lies between - . and the digits. */
static inline bool is_inside(char c)
{
	return is_letter(c) || (c >= '-' && c <= '9') || c == '_' || c == '@' || c == '+' || c == '(' || c == ')';
}

static bool fits_one_by_one(struct slice text, char before)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		/* A blank behind a colon makes a key of what stands before, two blanks are one to readers. */
		if (c == ' ' ? before == ' ' || before == ':' : c != ':' && !is_inside(c))
			return false;
		before = c;
	}
	return true;
}

/* Only what begins with a letter, so it is no number, date or indicator in any version of YAML, and ends with no colon or blank. */
bool yaml_fits(struct slice text)
{
	return text.length > 0 && text.length <= 200 && is_letter(text.data[0]) && text.data[text.length - 1] != ':'
		&& text.data[text.length - 1] != ' ' && !is_reserved(text);
}

bool yaml_is_plain(struct slice text)
{
	return yaml_fits(text) && fits_one_by_one(text, 'a');
}

#ifdef __SSE2__
static inline __m128i equal(__m128i bytes, char c)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/* Bytes from first to last, which are ASCII. */
static inline __m128i between(__m128i bytes, char first, char last)
{
	return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(first - 1))), _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)(last + 1))));
}

/* The same as is_inside, of 16 bytes. */
static inline __m128i inside(__m128i bytes)
{
	__m128i letters = between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
	__m128i signs = _mm_or_si128(_mm_or_si128(equal(bytes, '_'), equal(bytes, '@')), _mm_or_si128(equal(bytes, '+'), between(bytes, '(', ')')));

	return _mm_or_si128(_mm_or_si128(letters, between(bytes, '-', '9')), signs);
}
#endif

const char *yaml_scan(const char *p, const char *end, bool *fit)
{
	char before = 'a';
	const char *start;

	*fit = true;
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p), blanks = equal(bytes, ' '), gaps = _mm_or_si128(blanks, equal(bytes, ':'));
		/* Compared as signed numbers, what is no ASCII is less than a blank, too. */
		__m128i controls = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')), equal(bytes, 0x7f));
		__m128i last = _mm_or_si128(_mm_or_si128(equal(bytes, '"'), equal(bytes, '\\')), controls);
		unsigned ends = (unsigned)_mm_movemask_epi8(last), gap = (unsigned)_mm_movemask_epi8(gaps), blank = (unsigned)_mm_movemask_epi8(blanks);
		unsigned wrong = ~(unsigned)_mm_movemask_epi8(_mm_or_si128(inside(bytes), gaps)) & 0xffff;

		wrong |= blank & (gap << 1 | (before == ' ' || before == ':'));
		if (ends) {
			*fit = *fit && !(wrong & ((ends & -ends) - 1));
			return p + __builtin_ctz(ends);
		}
		*fit = *fit && !wrong;
		before = p[15];
	}
#endif
	start = p;
	while (p < end && (signed char)*p >= ' ' && *p != 0x7f && *p != '"' && *p != '\\')
		p++;
	*fit = *fit && fits_one_by_one(slice_of(start, (size_t)(p - start)), before);
	return p;
}
