#include "ledger.h"

#include <stdlib.h>

#include "buffer.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "name_order.h"
#include "output.h"
#include "timestamp.h"

static void add_time(struct buffer *line, const char *name, uint32_t seconds)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(seconds, text);
	buffer_add_format(line, ",\"%s\":\"%s\"", name, text);
}

/* Writes the line of a holder. Whoever left since the last run is marked as such, whoever came is new now. */
static void write_line(const struct ledger *ledger, struct buffer *line, const struct parties *parties, uint32_t holder, uint32_t now)
{
	uint32_t number = name_book_party(parties, holder);
	const struct party *party = &parties->at[number];
	const struct held_name *held = holder & HELD ? &parties->book.held[holder & ~HELD] : NULL;
	uint32_t since = held ? held->since : party->from_ledger ? parties->since[number] : now;

	buffer_clear(line);
	buffer_add_format(line, "{\"kind\":\"%s\",\"name\":\"%s\",\"id\":", *parties->what == 'u' ? "User" : "Group", name_book_name(parties, holder));
	json_string_encode(line, parties_id(parties, number));
	if (since)
		add_time(line, "since", since);
	if (held || !party->line)
		add_time(line, "left", held ? held->left : now);
	buffer_add_string(line, ledger_note_of(ledger, parties, number, name_book_name(parties, holder)));
	buffer_add_string(line, "}\n");
	output_write(ledger->publication.output, line->data, line->length);
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

int ledger_prepare(struct ledger *ledger, struct directory *directory, uint32_t now)
{
	struct publication *publication = &ledger->publication;
	int status;

	if (!ledger->path)
		return STATUS_OK;
	status = publication_begin(publication, ledger->path);
	if (!status && publication_replaced(ledger->path, &ledger->mark))
		status = fail(STATUS_LATER, "%s: another run gave names meanwhile: try again, so that these are known", ledger->path);
	if (status)
		return status;
	/* Names and Okta ids are nobody's business unless the ledger is made readable. */
	publication->mode = 0600;
	write_kind(ledger, &directory->groups, now);
	write_kind(ledger, &directory->users, now);
	return publication_finish(publication);
}

int ledger_commit(struct ledger *ledger)
{
	int status = ledger->path ? publication_place(&ledger->publication) : STATUS_OK;

	if (!status && ledger->publication.placed)
		publication_sync_folder(ledger->publication.path);
	return status;
}

void ledger_free(struct ledger *ledger)
{
	publication_end(&ledger->publication);
	free(ledger->notes);
}
