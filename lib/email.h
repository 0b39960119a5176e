/*
 * E-mail addresses as Backstage compares them: in JavaScript's lower case.
 */
#ifndef EMAIL_H
#define EMAIL_H

#include "buffer.h"
#include "slice.h"

/*
 * Appends text (UTF-8) to folded exactly as JavaScript's toLowerCase() has it:
 * a capital sigma at the end of a word becomes the final one, U+0130 becomes
 * "i" and U+0307. A byte that is no UTF-8 becomes U+FFFD.
 * Source: Unicode 3.13, Default Case Conversion, and its SpecialCasing.txt.
 */
void email_fold(struct buffer *folded, struct slice text);

#endif
