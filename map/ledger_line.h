/*
 * Reads a ledger of names line by line: the header, then a name a line. For
 * this run's own ledger and for those of other providers.
 *
 *     {"kind":"Ledger","version":1,"orgId":"00o...","oktaUrl":"https://...",
 *      "namespace":"default","hold":15552000,"fetchedAt":"2026-..."}
 *     {"kind":"User","name":"ana.ruiz","id":"00u...","since":"2026-..."}
 */
#ifndef LEDGER_LINE_H
#define LEDGER_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "slice.h"

/* Slices of the line, escapes as they stand; data NULL: absent or null. */
struct ledger_line {
	const char *path; /* of the ledger, for messages */
	size_t number; /* of the line, counted from 1 */
	bool is_header; /* then the members of a name are absent */
	struct slice kind, name, id;
	struct slice since_text, left_text, expired_text;
	uint32_t since, left, expired; /* seconds since 1970; 0: absent */
	struct slice okta_names; /* of a group: an array of strings */
	struct slice org_id, okta_url, name_space, fetched_text, hold;
	uint32_t fetched;
	struct buffer members; /* unknown ones, verbatim, a comma before each */
};

/*
 * Calls take with each line of the ledger at path. A path where no file
 * exists has no lines. 0, or the exit status after a message: what take
 * returned, 65 for a damaged line or an unreadable file, 78 for what is not
 * a regular file.
 */
int ledger_lines_read(const char *path,
	int (*take)(void *owner, const struct ledger_line *line), void *owner);

/* Reports a damaged line; gives 65. */
int ledger_line_damaged(const struct ledger_line *line, const char *what);

/* Does the line name a user? Else a group. */
static inline bool ledger_line_is_user(const struct ledger_line *line)
{
	return slice_equals(line->kind, "User");
}

#endif
