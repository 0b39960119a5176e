#include "ledger_line.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "entity_name.h"
#include "exit_status.h"
#include "json_cursor.h"
#include "line_window.h"
#include "message.h"
#include "timestamp.h"

/* A member that holds a string, and where its text goes. */
struct text_member {
	const char *name;
	struct slice *text;
};

enum { TEXTS = 6 };

int ledger_line_damaged(const struct ledger_line *line, const char *what)
{
	return fail(STATUS_DATA,
		"%s: line %zu: %s: fix the line, or remove it: its holder then "
		"gets a name anew",
		line->path, line->number, what);
}

static bool is_array_of_strings(struct slice json)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);
	struct slice text;

	if (json_peek(&cursor) != JSON_ARRAY)
		return false;
	json_enter_array(&cursor);
	while (json_next_element(&cursor))
		if (!json_string_raw(&cursor, &text))
			return false;
	return json_end(&cursor);
}

/* Takes the member's value if it is a string, or skips a null. */
static bool take_text(struct json_cursor *cursor, struct slice *text)
{
	struct slice value;

	if (json_peek(cursor) == JSON_STRING)
		return json_string_raw(cursor, text);
	return json_skip(cursor, &value) && slice_equals(value, "null");
}

/* Reads all members of the line. What is wrong with them, or NULL. */
static const char *read_members(struct ledger_line *line, struct slice text,
	const struct text_member texts[TEXTS], const char *expected,
	struct slice *version)
{
	struct json_cursor cursor = json_cursor(text.data, text.length);
	struct slice key, value;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		size_t i = 0;

		while (i < TEXTS && !slice_equals(key, texts[i].name))
			i++;
		if (i < TEXTS) {
			if (!take_text(&cursor, texts[i].text))
				return cursor.error ? cursor.error : expected;
		} else if (json_skip(&cursor, &value)) {
			struct slice *known = line->is_header
				? slice_equals(key, "version") ? version
					: slice_equals(key, "hold")
					? &line->hold
					: NULL
				: slice_equals(key, "oktaNames")
					&& slice_equals(line->kind, "Group")
				? &line->okta_names
				: NULL;

			if (known)
				*known = value;
			else
				buffer_add_format(&line->members,
					",\"%.*s\":%.*s", SLICE_ARG(key),
					SLICE_ARG(value));
		}
	}
	return json_end(&cursor) ? NULL : cursor.error;
}

static const char *read_header(struct ledger_line *line, struct slice text)
{
	const struct text_member texts[TEXTS] = {
		{"kind", &line->kind},
		{"orgId", &line->org_id},
		{"oktaUrl", &line->okta_url},
		{"namespace", &line->name_space},
		{"fetchedAt", &line->fetched_text},
		{"kind", &line->kind},
	};
	struct slice version = {NULL, 0};
	const char *wrong = read_members(line, text, texts,
		"\"orgId\", \"oktaUrl\", \"namespace\" and \"fetchedAt\" are "
		"strings",
		&version);

	if (wrong)
		return wrong;
	if (!slice_equals(version, "1"))
		return "this okta-map reads ledgers of \"version\" 1; use the "
			"release that wrote this one";
	if (line->fetched_text.data
		&& !timestamp_parse(line->fetched_text, &line->fetched))
		return "\"fetchedAt\": expected a time such as "
			"2026-11-24T04:00:00Z";
	return NULL;
}

static const char *read_name(struct ledger_line *line, struct slice text)
{
	const struct text_member texts[TEXTS] = {
		{"kind", &line->kind},
		{"name", &line->name},
		{"id", &line->id},
		{"since", &line->since_text},
		{"left", &line->left_text},
		{"expired", &line->expired_text},
	};
	const char *wrong = read_members(line, text, texts,
		"\"kind\", \"name\", \"id\", \"since\", \"left\" and "
		"\"expired\" are strings",
		NULL);

	if (wrong)
		return wrong;
	if (!slice_equals(line->kind, "User")
		&& !slice_equals(line->kind, "Group"))
		return "expected a \"kind\", User or Group";
	if (!entity_name_valid(line->name))
		return "expected a \"name\" that Backstage takes";
	if (!line->id.length)
		return "expected an \"id\", Okta's";
	if (line->since_text.data
		&& !timestamp_parse(line->since_text, &line->since))
		return "\"since\": expected a time such as "
			"2026-11-24T04:00:00Z";
	if (line->left_text.data
		&& !timestamp_parse(line->left_text, &line->left))
		return "\"left\": expected a time such as 2026-11-24T04:00:00Z";
	if (line->expired_text.data
		&& !timestamp_parse(line->expired_text, &line->expired))
		return "\"expired\": expected a time such as "
			"2026-11-24T04:00:00Z";
	if (line->okta_names.data && !is_array_of_strings(line->okta_names))
		return "\"oktaNames\": expected an array of strings";
	return NULL;
}

/* The kind of the line, escapes as they stand; absent in what is damaged. */
static struct slice kind_of(struct slice text)
{
	struct json_cursor cursor = json_cursor(text.data, text.length);
	struct slice key, kind = {NULL, 0};

	json_enter_object(&cursor);
	while (!kind.data && json_next_member(&cursor, &key)) {
		if (slice_equals(key, "kind")
			&& json_peek(&cursor) == JSON_STRING)
			json_string_raw(&cursor, &kind);
		else
			json_skip(&cursor, NULL);
	}
	return kind;
}

/* What is wrong with the line, or NULL. */
static const char *read_line(struct ledger_line *line, struct slice text)
{
	struct json_cursor cursor = json_cursor(text.data, text.length);
	struct ledger_line empty = {.path = line->path,
		.number = line->number,
		.members = line->members};

	*line = empty;
	buffer_clear(&line->members);
	if (json_peek(&cursor) != JSON_OBJECT)
		return "expected one JSON object a line";
	line->kind = kind_of(text);
	line->is_header = slice_equals(line->kind, "Ledger");
	if (!line->is_header)
		return read_name(line, text);
	return line->number == 1 ? read_header(line, text)
				 : "a header, which only the first line can be";
}

int ledger_lines_read(const char *path,
	int (*take)(void *owner, const struct ledger_line *line), void *owner)
{
	struct line_window window = LINE_WINDOW_CLOSED;
	struct ledger_line line = {.path = path, .members = BUFFER_EMPTY};
	struct slice text;
	struct stat about;
	int status = STATUS_OK;

	if (stat(path, &about) < 0)
		return errno == ENOENT
			? STATUS_OK
			: fail(STATUS_DATA, "%s: cannot be read: %s", path,
				strerror(errno));
	/* A pipe would be waited for, a device replaced. */
	if (!S_ISREG(about.st_mode))
		return fail(STATUS_CONFIG,
			"%s: is no regular file, so it can be no ledger: give "
			"the path of a file",
			path);
	if (!line_window_open(&window, path))
		status = window.status;
	while (!status && line_window_take(&window, "", &text)) {
		const char *wrong;

		line.number++;
		wrong = read_line(&line, text);
		status = wrong ? ledger_line_damaged(&line, wrong)
			       : take(owner, &line);
	}
	if (!status)
		status = window.status;
	buffer_free(&line.members);
	line_window_free(&window);
	return status;
}
