/*
 * Is a text an absolute URL, as JavaScript's new URL(text) judges (WHATWG URL Standard, the parser without a base)?
 * Of hosts that are not ASCII nothing is checked: that takes the tables of Unicode's IDNA.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#include "slice.h"

bool url_valid(struct slice text);

#endif
