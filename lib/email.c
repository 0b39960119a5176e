#include "email.h"

#include "json_string.h"
#include "letter_case.h"

enum {
	CAPITAL_SIGMA = 0x3a3, SMALL_SIGMA = 0x3c3, FINAL_SIGMA = 0x3c2,
	DOTTED_CAPITAL_I = 0x130, DOT_ABOVE = 0x307, REPLACEMENT = 0xfffd
};

/* Is the next code point that is not ignored a cased one? */
static bool cased_follows(const char *p, const char *end)
{
	while (p < end) {
		int32_t c = utf8_next(&p, end);

		if (!letter_is_ignorable(c))
			return letter_is_cased(c);
	}
	return false;
}

static void add_lower(struct buffer *folded, int32_t c)
{
	if (c == DOTTED_CAPITAL_I) {
		utf8_add(folded, 'i');
		utf8_add(folded, DOT_ABOVE);
	} else {
		utf8_add(folded, letter_lower(c));
	}
}

/*
 * Text that is not all ASCII. A code point that is both ignorable and cased is
 * ignored, as ICU has it, and so JavaScript.
 */
static void fold_all(struct buffer *folded, struct slice text)
{
	const char *p = text.data, *end = text.data + text.length;
	bool after_cased = false;

	while (p < end) {
		int32_t c = utf8_next(&p, end);

		if (c == CAPITAL_SIGMA && after_cased)
			utf8_add(folded, cased_follows(p, end)
				? SMALL_SIGMA : FINAL_SIGMA);
		else
			add_lower(folded, c < 0 ? REPLACEMENT : c);
		if (!letter_is_ignorable(c))
			after_cased = letter_is_cased(c);
	}
}

void email_fold(struct buffer *folded, struct slice text)
{
	const char *p = text.data, *end = text.data + text.length;
	char *out;

	buffer_reserve(folded, text.length);
	out = folded->data + folded->length;
	for (; p < end && (unsigned char)*p < 0x80; p++)
		*out++ = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	if (p < end)
		fold_all(folded, text);
	else
		buffer_filled(folded, text.length);
}
