/*
 * okta-fetch --check: walks through the set-up guide against the org and prints a line a step to standard output, ok or
 * what is wrong and where to mend it.
 */
#ifndef CHECK_H
#define CHECK_H

#include "settings.h"

/* Gives the exit status of the first step that failed, or 0. Takes over the settings' key. */
int check_org(const struct settings *settings);

#endif
