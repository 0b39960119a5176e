#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "name_order.h"
#include "okta_names.h"
#include "output.h"
#include "timestamp.h"

static void add_time(struct buffer *line, const char *name, uint32_t seconds)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(seconds, text);
	buffer_add_format(line, ",\"%s\":\"%s\"", name, text);
}

/*
 * Writes the line of a holder. A holder who is not in the stream has left, one
 * without a line in the ledger got the name now.
 */
static void write_line(const struct ledger *ledger, struct buffer *line, const struct parties *parties, uint32_t holder, uint32_t now)
{
	uint32_t number = name_book_party(parties, holder);
	const struct party *party = &parties->at[number];
	const struct held_name *held = holder & HELD ? &parties->book.held[holder & ~HELD] : NULL;
	uint32_t since = held ? held->since : party->from_ledger ? parties->since[number] : now;
	const char *okta_names = okta_names_of(parties, number);

	buffer_clear(line);
	buffer_add_format(line, "{\"kind\":\"%s\",\"name\":\"%s\",\"id\":", *parties->what == 'u' ? "User" : "Group", name_book_name(parties, holder));
	json_string_encode(line, parties_id(parties, number));
	if (since)
		add_time(line, "since", since);
	if (held || !party->line)
		add_time(line, "left",
			held ? held->left : ledger_leaving_time(ledger, now));
	if (held && held->expired)
		add_time(line, "expired", held->expired);
	if (okta_names)
		buffer_add_format(line, ",\"oktaNames\":%s", okta_names);
	buffer_add_string(line, ledger_note_of(ledger, parties, number, name_book_name(parties, holder)));
	buffer_add_string(line, "}\n");
	output_write(ledger->publication.output, line->data, line->length);
}

static void add_text(struct buffer *line, const char *name, const char *text)
{
	if (!text)
		return;
	buffer_add_format(line, ",\"%s\":", name);
	json_string_encode(line, slice_of_string(text));
}

/* Writes the header; gives where the text of its time begins in the file. */
static size_t write_header(const struct ledger *ledger,
	const struct settings *settings, const struct directory *d,
	uint32_t fetched)
{
	struct buffer line = BUFFER_EMPTY;
	size_t place;

	buffer_add_string(&line, "{\"kind\":\"Ledger\",\"version\":1");
	add_text(&line, "orgId",
		d->okta_org_id ? d->okta_org_id : ledger->org_id);
	add_text(
		&line, "oktaUrl", d->okta_url ? d->okta_url : ledger->okta_url);
	/* Passing a name on keeps the namespace and the hold of the runs. */
	add_text(&line, "namespace",
		settings->gives.count && ledger->name_space
			? ledger->name_space
			: settings->name_space);
	if (settings->gives.count && ledger->hold_text)
		buffer_add_format(&line, ",\"hold\":%s", ledger->hold_text);
	else
		buffer_add_format(&line, ",\"hold\":%.0f", ledger->hold);
	place = line.length + sizeof ",\"fetchedAt\":\"" - 1;
	if (fetched)
		add_time(&line, "fetchedAt", fetched);
	buffer_add_string(&line, ledger->members ? ledger->members : "");
	buffer_add_string(&line, "}\n");
	output_write(ledger->publication.output, line.data, line.length);
	buffer_free(&line);
	return place;
}

/* Writes all lines of one kind, by name. */
static void write_kind(const struct ledger *ledger, const struct parties *parties, uint32_t now)
{
	uint32_t most = parties->ids.count + parties->book.held_count, count = 0;
	uint32_t *holders = memory_resize(NULL, most, sizeof *holders);
	struct buffer line = BUFFER_EMPTY;

	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties_has(parties, i) || parties->at[i].from_ledger)
			holders[count++] = i;
	for (uint32_t i = 0; i < parties->book.held_count; i++)
		if (!parties->book.held[i].over)
			holders[count++] = i | HELD;
	name_order_sort(parties, holders, count);
	for (uint32_t i = 0; i < count; i++)
		write_line(ledger, &line, parties, holders[i], now);
	buffer_free(&line);
	free(holders);
}

/*
 * A ledger that changed is of the time of this run: all times are of one
 * length.
 */
static int write_time(
	const struct publication *publication, size_t place, uint32_t now)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(now, text);
	if (pwrite(publication->fd, text, strlen(text), (off_t)place)
		== (ssize_t)strlen(text))
		return STATUS_OK;
	return fail(STATUS_IO, "%s: cannot be written: %s",
		publication->temporary, strerror(errno));
}

int ledger_prepare(struct ledger *ledger, const struct settings *settings,
	struct directory *directory, uint32_t now)
{
	struct publication *publication = &ledger->publication;
	bool giving = settings->gives.count > 0;
	/* First the file as it is; a time that went back is a change. */
	uint32_t known = giving || now >= ledger->fetched ? ledger->fetched : 0;
	size_t place;
	int status;

	if (!ledger->path || ledger->readonly)
		return STATUS_OK;
	status = publication_begin(publication, ledger->path);
	if (!status && publication_replaced(ledger->path, &ledger->mark))
		status = fail(STATUS_LATER, "%s: another run gave names meanwhile: try again, so that these are known", ledger->path);
	if (status)
		return status;
	/* Names and Okta ids are nobody's business unless the ledger is made readable. */
	publication->mode = 0600;
	place = write_header(ledger, settings, directory,
		known || giving ? known : now);
	write_kind(ledger, &directory->groups, now);
	write_kind(ledger, &directory->users, now);
	status = publication_written(publication);
	if (!status && !publication->same && known && !giving)
		status = write_time(publication, place, now);
	return status ? status : publication_finish(publication);
}

int ledger_commit(struct ledger *ledger)
{
	int status = ledger->publication.path
		? publication_place(&ledger->publication)
		: STATUS_OK;

	if (!status && ledger->publication.placed)
		publication_sync_folder(ledger->publication.path);
	return status;
}

void ledger_free(struct ledger *ledger)
{
	publication_end(&ledger->publication);
	free(ledger->notes);
	free(ledger->org_id);
	free(ledger->okta_url);
	free(ledger->name_space);
	free(ledger->hold_text);
	free(ledger->members);
	buffer_free(&ledger->expired.text);
	buffer_free(&ledger->ended.text);
}
