/*
 * The case of one code point, as JavaScript has it.
 */
#ifndef LETTER_CASE_H
#define LETTER_CASE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * toLowerCase() of a code point that stands alone. U+0130, which becomes two
 * code points there, is given back as it is.
 */
int32_t letter_lower(int32_t c);

/* Unicode's properties Cased and Case_Ignorable. */
bool letter_is_cased(int32_t c);
bool letter_is_ignorable(int32_t c);

#endif
