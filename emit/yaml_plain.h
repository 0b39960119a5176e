/*
 * Which texts may stand in YAML without quotes.
 */
#ifndef YAML_PLAIN_H
#define YAML_PLAIN_H

#include <stdbool.h>

#include "slice.h"

/* Do all readers of YAML 1.1 and 1.2 take the text for itself, without quotes? */
bool yaml_is_plain(struct slice text);

/*
 * A JSON string from behind its opening quote on: the first byte, before end, that is its closing quote, a backslash, a control
 * character (DEL, too) or no ASCII. *fit: no byte before it speaks against leaving the quotes out; yaml_fits has the last word.
 */
const char *yaml_scan(const char *p, const char *end, bool *fit);

/* May a text that is fit by yaml_scan stand without quotes? */
bool yaml_fits(struct slice text);

#endif
