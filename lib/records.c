#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"

enum { BLOCK = 128 * 1024 };

struct records {
	int fd;
	const char *name;      /* NULL: standard input */
	const char *producer;
	struct buffer rest;    /* the beginning of a line, read with the block before */
	bool at_end;           /* this and rest belong to who reads blocks, maybe another thread */
	int wake[2];           /* a pipe: its end is closed when no more is wanted; -1: there is none */

	size_t line;
	bool ended, saw_any;
	size_t end_line;
	int status;            /* 0 until something is wrong */
	char place[512];
};

const char *records_place(struct records *records, size_t line)
{
	if (records->name)
		snprintf(records->place, sizeof records->place, "%s: line %zu", records->name, line);
	else
		snprintf(records->place, sizeof records->place, "line %zu", line);
	return records->place;
}

struct records *records_open(const char *path, const char *producer)
{
	bool standard = !path || strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct records *records;

	if (fd < 0) {
		fail(STATUS_DATA, "%s: cannot be opened: %s", path, strerror(errno));
		return NULL;
	}
	records = memory_alloc(sizeof *records);
	records->fd = fd;
	records->name = standard ? NULL : path;
	records->producer = producer;
	if (pipe(records->wake) < 0)
		records->wake[0] = records->wake[1] = -1;
	return records;
}

void records_reject(struct records *records, int status, const char *format, ...)
{
	struct buffer text = BUFFER_EMPTY;
	va_list arguments;
	int length;

	if (records->status)
		return;
	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	text.data = memory_alloc((size_t)length + 1);
	text.capacity = (size_t)length + 1;
	va_start(arguments, format);
	vsnprintf(text.data, text.capacity, format, arguments);
	va_end(arguments);
	records->status = fail(status, "%s: %s", records_place(records, records->line), text.data);
	buffer_free(&text);
}

static const char too_long[] = "longer than 64 MiB, the most a record may have";
static const char cut_off[] = "cut off: no line end behind the last record; was the writer killed, or the disk full?";
static const char unreadable[] = "cannot be read";

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void records_no_more(struct records *records)
{
	close_end(&records->wake[1]);
}

/* False when no more is wanted: a writer that waits for something else may say nothing for long. */
static bool wait_for_input(struct records *records)
{
	struct pollfd sources[] = {{records->fd, POLLIN, 0}, {records->wake[0], POLLIN, 0}};

	while (poll(sources, sizeof sources / sizeof *sources, -1) < 0 && errno == EINTR)
		;
	return !sources[1].revents;
}

/* Reads on; false at the end of the input, when reading fails, or when no more is wanted. */
static bool fill(struct records *records, struct records_block *block)
{
	ssize_t n;

	if (!wait_for_input(records)) {
		records->at_end = true;
		return false;
	}
	buffer_reserve(&block->bytes, BLOCK);
	do
		n = read(records->fd, block->bytes.data + block->bytes.length, BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		block->problem = unreadable;
		block->problem_errno = errno;
	}
	if (n <= 0)
		records->at_end = true;
	else
		buffer_filled(&block->bytes, (size_t)n);
	return n > 0;
}

/* Behind the last line feed that stands at from or later; 0: none does. */
static size_t end_of_lines(const struct buffer *bytes, size_t from)
{
	size_t at = bytes->length;

	while (at > from && bytes->data[at - 1] != '\n')
		at--;
	return at > from ? at : 0;
}

bool records_read_block(struct records *records, struct records_block *block)
{
	size_t searched = 0;

	block->end = 0;
	block->problem = NULL;
	block->bytes.limit = (size_t)RECORD_LINE_LIMIT + 1 + BLOCK;
	buffer_clear(&block->bytes);
	buffer_add(&block->bytes, records->rest.data, records->rest.length);
	buffer_clear(&records->rest);
	while (!block->end && !block->problem && !records->at_end) {
		searched = block->bytes.length;
		if (fill(records, block))
			block->end = end_of_lines(&block->bytes, searched);
		if (!block->end && block->bytes.length > RECORD_LINE_LIMIT)
			block->problem = too_long;
	}
	if (block->end)
		buffer_add(&records->rest, block->bytes.data + block->end, block->bytes.length - block->end);
	else if (!block->problem && block->bytes.length)
		block->problem = cut_off;
	records->at_end = records->at_end || block->problem;
	return block->end || block->problem;
}

bool records_block_line(const struct records_block *block, size_t *at, struct slice *line)
{
	const char *start = block->bytes.data + *at, *feed = *at < block->end ? memchr(start, '\n', block->end - *at) : NULL;

	if (!feed)
		return false;
	*line = slice_of(start, (size_t)(feed - start));
	*at += line->length + 1;
	return true;
}

bool records_close_block(struct records *records, struct records_block *block)
{
	buffer_forget(&block->bytes, RECORDS_BLOCK_USUAL);
	if (records->status || !block->problem)
		return !records->status;
	if (block->problem == unreadable) {
		records->status = fail(STATUS_DATA, "%s: cannot be read: %s", records->name ? records->name : "standard input",
			strerror(block->problem_errno));
	} else {
		records->line++;
		records_reject(records, STATUS_DATA, "%s", block->problem);
	}
	return false;
}

bool records_whole(struct records *records, struct json_cursor *cursor)
{
	if (json_end(cursor))
		return true;
	records_reject(records, STATUS_DATA, "byte %zu: %s: the line is no whole JSON object", cursor->position + 1, cursor->error);
	return false;
}

/* Finds "kind" (and Abort's message) while the whole grammar of the line is checked. */
static bool read_kind(struct records *records, struct slice text, struct slice *kind, struct slice *message)
{
	struct json_cursor cursor = json_cursor(text.data, text.length);
	struct slice key, value;

	*kind = *message = slice_of(NULL, 0);
	if (text.length >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
		records_reject(records, STATUS_DATA, "begins with a byte order mark, which JSON has none of: take it off, sed '1s/^...//' under LC_ALL=C");
		return false;
	}
	if (json_peek(&cursor) != JSON_OBJECT) {
		records_reject(records, STATUS_DATA, "found %.*s%s, expected one JSON object a line",
			text.length > 40 ? 40 : (int)text.length, text.data ? text.data : "",
			text.length == 0 ? "an empty line" : text.length > 40 ? "..." : "");
		return false;
	}
	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		bool string = json_peek(&cursor) == JSON_STRING;

		if (string && json_key_equals(key, "kind"))
			json_string_raw(&cursor, kind);
		else if (string && json_key_equals(key, "message"))
			json_string_raw(&cursor, message);
		else
			json_skip(&cursor, &value);
	}
	if (!records_whole(records, &cursor))
		return false;
	if (!kind->data) {
		records_reject(records, STATUS_DATA, "no \"kind\": expected records as %s writes them", records->producer);
		return false;
	}
	return true;
}

static void reject_abort(struct records *records, struct slice raw)
{
	struct buffer text = BUFFER_EMPTY;

	if (raw.data)
		json_string_decode(raw, &text);
	records_reject(records, STATUS_DATA, "the stream was aborted before this point: %s",
		text.length ? buffer_string(&text) : "no reason given");
	buffer_free(&text);
}

/* The length of what stands before the kind in a line that begins as ours do; 0: it does not. */
static size_t before_kind(struct slice text)
{
	static const char *const starts[] = {"{\"kind\":\"", "{\"apiVersion\":\"backstage.io/v1alpha1\",\"kind\":\""};

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (text.length > strlen(starts[i]) && memcmp(text.data, starts[i], strlen(starts[i])) == 0)
			return strlen(starts[i]);
	return 0;
}

bool records_glance(struct slice text, struct slice *kind)
{
	size_t start = before_kind(text), at = start;

	if (!start)
		return false;
	while (at < text.length && ((text.data[at] >= 'a' && text.data[at] <= 'z') || (text.data[at] >= 'A' && text.data[at] <= 'Z')))
		at++;
	*kind = slice_of(text.data + start, at - start);
	return at < text.length && text.data[at] == '"' && !slice_equals(*kind, "Abort");
}

/* What the kinds mean for the stream as a whole. */
static bool take_kind(struct records *records, const struct record *record)
{
	if (records->ended) {
		records_reject(records, STATUS_DATA, "found %.*s behind the End of line %zu: are these two streams "
			"one behind the other? Give them as two files instead", SLICE_ARG(record->kind), records->end_line);
		return false;
	}
	records->saw_any = true;
	if (slice_equals(record->kind, "End")) {
		records->ended = true;
		records->end_line = record->line;
	}
	return true;
}

void records_stop(struct records *records, int status)
{
	if (!records->status)
		records->status = status;
}

bool records_take(struct records *records, struct slice line, struct record *record)
{
	struct slice message;

	if (records->status)
		return false;
	record->text = line;
	record->line = ++records->line;
	if (line.length > RECORD_LINE_LIMIT) {
		records_reject(records, STATUS_DATA, "%s", too_long);
		return false;
	}
	if (records_glance(record->text, &record->kind))
		return take_kind(records, record);
	if (!read_kind(records, record->text, &record->kind, &message))
		return false;
	if (slice_equals(record->kind, "Abort")) {
		reject_abort(records, message);
		return false;
	}
	return take_kind(records, record);
}

int records_close(struct records *records)
{
	int status;

	if (!records)
		return STATUS_DATA;
	if (!records->status && !records->ended)
		records->status = records->saw_any
			? fail(STATUS_DATA, "%s%sended without End after line %zu, so it is not whole and nothing is made of it: "
				"did %s fail, or did a filter (jq's select?) drop the record with kind End?",
				records->name ? records->name : "the input ", records->name ? ": " : "", records->line, records->producer)
			: fail(STATUS_DATA, "%s is empty: did %s fail? Its message says why",
				records->name ? records->name : "the input", records->producer);
	status = records->status;
	if (records->fd != STDIN_FILENO)
		close(records->fd);
	close_end(&records->wake[0]);
	close_end(&records->wake[1]);
	buffer_free(&records->rest);
	free(records);
	return status;
}
