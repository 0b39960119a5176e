/*
 * Reading a stream of NDJSON records (okta-catalog(5)): lines with numbers, the "kind" of each, and
 * the rules that make a stream whole: End last, nothing after it, no Abort, no cut line.
 *
 *     struct records *records = records_open(path, "okta-fetch");     "-" or NULL: standard input
 *     while (records_next(records, &record))
 *             ... record.kind, record.line, record.text
 *     status = records_close(records);       0 only when the stream was whole
 *
 * End is handed out like any other record (its members are the caller's business), but it is only
 * good when records_close gives 0: act on it then. Messages are printed by this module, with the
 * stream's name when it is not standard input.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "json_cursor.h"
#include "slice.h"

enum { RECORD_LINE_LIMIT = 64 * 1024 * 1024 };

struct records;

struct record {
	size_t line;       /* counted from 1 */
	struct slice kind; /* value of "kind", escapes as they stand */
	struct slice text; /* the whole line without its line feed; valid until the next records_next */
};

/*
 * Opens a stream. producer is the program that writes such streams, for the message that explains a
 * missing End ("okta-fetch"). NULL after a message when the file cannot be opened (exit status 66 does
 * not exist in this set: the caller ends with STATUS_DATA).
 */
struct records *records_open(const char *path, const char *producer);

/* The next record; false at the end of the stream or at an error (message printed). */
bool records_next(struct records *records, struct record *record);

/*
 * The same for who walks the record's text with a cursor anyway: its grammar was not checked yet (where the line begins
 * with its kind, as ours do), so it is read once and not twice. The walk must take the whole object and end with
 * records_whole; nothing that was found is good before that.
 */
bool records_next_unchecked(struct records *records, struct record *record);

/* Was the line one whole JSON object, and is the cursor at its end? False after a message; the stream is bad then. */
bool records_whole(struct records *records, struct json_cursor *cursor);

/*
 * Reports an error in the current line, "line N: text", and makes the stream bad: records_next gives
 * false from now on and records_close gives status.
 */
void records_reject(struct records *records, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "line 12" or "FILE: line 12": for messages about a record that do not end the run. */
const char *records_place(struct records *records, size_t line);

/* Closes and frees; 0 when the stream was whole, else the exit status (message printed). NULL: STATUS_DATA. */
int records_close(struct records *records);

#endif
