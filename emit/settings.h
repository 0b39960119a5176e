/*
 * catalog-emit's options.
 */
#ifndef EMIT_SETTINGS_H
#define EMIT_SETTINGS_H

#include <stdbool.h>

#include "options.h"
#include "published_head.h"

struct settings {
	int format;              /* enum format */
	const char *output;      /* NULL: standard output */
	const char *base;        /* NULL: output, if there is one */
	bool base_is_output;     /* under whatever spelling */
	long max_removals;
	bool max_is_share;       /* max_removals is percent */
	bool max_given;
	long max_taken_over;     /* names that may pass to another Okta id */
	bool require_base, force, strict, check;
	long parts;              /* --split; 0: one file */
	const char *location_key; /* NULL: okta-catalog:ID */
	const char *summary_file;
	int sign_in;             /* enum sign_in_resolver */
	char **inputs;           /* paths; NULL-terminated; the first may be NULL: standard input */
};

/* OPTIONS_GO_ON, or the exit status to end with. */
int emit_settings_read(struct settings *settings, int argc, char **argv);

#endif
