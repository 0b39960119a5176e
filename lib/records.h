/*
 * Reading a stream of NDJSON records (okta-catalog(5)): lines with numbers, the "kind" of each, and
 * the rules that make a stream whole: End last, nothing after it, no Abort, no cut line.
 *
 *     struct records *records = records_open(path, "okta-fetch");     "-" or NULL: standard input
 *     while (records_read_block(records, &block))                     one thread at a time
 *             for (at = 0; records_block_line(&block, &at, &line); )  any thread
 *                     if (records_take(records, line, &record))       one, in order, from here on
 *                             ... record.kind, record.line, record.text, of which no more than the kind may have been looked at
 *             records_close_block(records, &block);
 *     status = records_close(records);                                0 only when the stream was whole
 *
 * End is handed out like any other record (its members are the caller's business), but it is only
 * good when records_close gives 0: act on it then. Messages are printed by this module, with the
 * stream's name when it is not standard input.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "json_cursor.h"
#include "slice.h"

enum { RECORD_LINE_LIMIT = 64 * 1024 * 1024 };

enum { RECORDS_BLOCK_USUAL = 1024 * 1024 }; /* more bytes than a block has without a long line */

struct records;

struct record {
	size_t line;       /* counted from 1 */
	struct slice kind; /* value of "kind", escapes as they stand */
	struct slice text; /* the whole line without its line feed; valid until its block is closed */
};

/*
 * Opens a stream. producer is the program that writes such streams, for the message that explains a
 * missing End ("okta-fetch"). NULL after a message when the file cannot be opened (exit status 66 does
 * not exist in this set: the caller ends with STATUS_DATA).
 */
struct records *records_open(const char *path, const char *producer);

/* Lines that are read ahead. Zeroed at first; used again and again; who owns it frees bytes. */
struct records_block {
	struct buffer bytes;   /* of whole lines, up to end; what stands behind them belongs to the next block */
	size_t end;
	const char *problem;   /* why no line follows, or NULL */
	int problem_errno;
};

/* Reads whole lines, at least one, in place of what the block held. False at the end; a problem is in a last block. */
bool records_read_block(struct records *records, struct records_block *block);

/* No more blocks are wanted: a records_read_block that waits for input in another thread gives false now. */
void records_no_more(struct records *records);

/* The line at *at, which is then behind it. False behind the last. */
bool records_block_line(const struct records_block *block, size_t *at, struct slice *line);

/* The kind of a line that begins with it, as ours do, and is no Abort. Nothing else was looked at. */
bool records_glance(struct slice line, struct slice *kind);

/*
 * A line in its order, and its kind; false after a message. The grammar of a line that begins with its kind, as ours do, was not checked yet,
 * for it is walked through anyway: the walk must take the whole object and end with records_whole; nothing that was found is good before that.
 */
bool records_take(struct records *records, struct slice line, struct record *record);

/* Tells of the block's problem; false if it had one, or the stream is bad already. Gives back the memory that a long line took. */
bool records_close_block(struct records *records, struct records_block *block);

/* Was the line one whole JSON object, and is the cursor at its end? False after a message; the stream is bad then. */
bool records_whole(struct records *records, struct json_cursor *cursor);

/*
 * Reports an error in the current line, "line N: text", and makes the stream bad: records_take gives
 * false from now on and records_close gives status.
 */
void records_reject(struct records *records, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The caller stops, with a message of its own: no record follows, and records_close gives status. */
void records_stop(struct records *records, int status);

/* "line 12" or "FILE: line 12": for messages about a record that do not end the run. */
const char *records_place(struct records *records, size_t line);

/* Closes and frees; 0 when the stream was whole, else the exit status (message printed). NULL: STATUS_DATA. */
int records_close(struct records *records);

#endif
