#include "ledger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "buffer.h"
#include "entity_name.h"
#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "name_claims.h"
#include "timestamp.h"

/* One line. Texts as they stand between their quotes. */
struct entry {
	struct slice kind, name, id, since, left;
	struct buffer members; /* that are not ours, as they stand, each behind a comma */
};

static const char mend[] = "mend the line, or take it out: its holder then gets a name anew";

/* What is wrong with a line, or NULL. */
static const char *read_entry(struct slice line, struct entry *entry)
{
	struct json_cursor cursor = json_cursor(line.data, line.length);
	struct slice key, value;

	entry->kind = entry->name = entry->id = entry->since = entry->left = slice_of(NULL, 0);
	buffer_clear(&entry->members);
	if (json_peek(&cursor) != JSON_OBJECT)
		return "expected one JSON object a line";
	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		struct slice *member = slice_equals(key, "kind") ? &entry->kind : slice_equals(key, "name") ? &entry->name
			: slice_equals(key, "id") ? &entry->id : slice_equals(key, "since") ? &entry->since
			: slice_equals(key, "left") ? &entry->left : NULL;

		if (member && json_peek(&cursor) == JSON_STRING)
			json_string_raw(&cursor, member);
		else if (!json_skip(&cursor, &value))
			break;
		else if (!member)
			buffer_add_format(&entry->members, ",\"%.*s\":%.*s", SLICE_ARG(key), SLICE_ARG(value));
		else if (!slice_equals(value, "null"))
			return "\"kind\", \"name\", \"id\", \"since\" and \"left\" are strings";
	}
	if (!json_end(&cursor))
		return cursor.error;
	if (!slice_equals(entry->kind, "User") && !slice_equals(entry->kind, "Group"))
		return "expected a \"kind\", User or Group";
	if (!entity_name_valid(entry->name))
		return "expected a \"name\" that Backstage takes";
	return entry->id.length ? NULL : "expected an \"id\", Okta's";
}

static int damaged(const struct ledger *ledger, size_t line, const char *what)
{
	return fail(STATUS_DATA, "%s: line %zu: %s: %s", ledger->path, line, what, mend);
}

static void take_note(struct ledger *ledger, const struct parties *parties, const struct held_name *held, const char *members)
{
	size_t n = ledger->note_count++;

	if (!(n & (n - 1)))
		ledger->notes = memory_resize(ledger->notes, n ? 2 * n : 1, sizeof *ledger->notes);
	ledger->notes[n] = (struct ledger_note){parties, held->number, held->name, members};
}

static int compare_notes(const void *left, const void *right)
{
	const struct ledger_note *a = left, *b = right;
	int order = (a->parties > b->parties) - (a->parties < b->parties);

	order = order ? order : (a->number > b->number) - (a->number < b->number);
	return order ? order : strcmp(a->name, b->name);
}

const char *ledger_note_of(const struct ledger *ledger, const struct parties *parties, uint32_t number, const char *name)
{
	struct ledger_note wanted = {parties, number, name, NULL}, *found;

	found = ledger->note_count ? bsearch(&wanted, ledger->notes, ledger->note_count, sizeof wanted, compare_notes) : NULL;
	return found ? found->members : "";
}

static void set_since(struct parties *parties, uint32_t number, uint32_t since)
{
	if (number >= parties->since_capacity) {
		parties->since_capacity = parties->capacity;
		parties->since = memory_resize(parties->since, parties->since_capacity, sizeof *parties->since);
	}
	parties->since[number] = since;
}

static int take_entry(struct ledger *ledger, struct directory *directory, const struct entry *entry, size_t line)
{
	struct parties *parties = slice_equals(entry->kind, "User") ? &directory->users : &directory->groups;
	struct held_name held = {arena_copy(&directory->names, entry->name), 0, 0, 0, false};
	struct buffer id = BUFFER_EMPTY;
	struct party *party;

	if (entry->since.data && !timestamp_parse(entry->since, &held.since))
		return damaged(ledger, line, "\"since\": expected a time such as 2026-11-24T04:00:00Z");
	if (entry->left.data && !timestamp_parse(entry->left, &held.left))
		return damaged(ledger, line, "\"left\": expected a time such as 2026-11-24T04:00:00Z");
	json_string_decode(entry->id, &id);
	held.number = parties_number(parties, slice_of(id.data, id.length));
	buffer_free(&id);
	party = &parties->at[held.number];
	if (entry->members.length)
		take_note(ledger, parties, &held, arena_copy(&directory->names, slice_of(entry->members.data, entry->members.length)));
	if (name_book_find(parties, held.name) != NO_HOLDER)
		return fail(STATUS_DATA, "%s: line %zu: the name %s is in an earlier line, too: %s", ledger->path, line, held.name, mend);
	if (entry->left.data) {
		name_book_hold(parties, held);
		return STATUS_OK;
	}
	if (party->from_ledger)
		return fail(STATUS_DATA, "%s: line %zu: %s %.*s has the name %s already, from an earlier line: %s", ledger->path, line, parties->what,
			SLICE_ARG(entry->id), party->name, mend);
	party->name = held.name;
	set_since(parties, held.number, held.since);
	party->from_ledger = true;
	name_book_enter(parties, held.number);
	return STATUS_OK;
}

static int read_lines(struct ledger *ledger, struct directory *directory, FILE *file)
{
	struct entry entry = {.members = BUFFER_EMPTY};
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;
	int status = STATUS_OK;

	for (size_t number = 1; !status && (length = getline(&line, &capacity, file)) >= 0; number++) {
		const char *wrong;

		length -= length && line[length - 1] == '\n';
		wrong = read_entry(slice_of(line, (size_t)length), &entry);
		status = wrong ? damaged(ledger, number, wrong) : take_entry(ledger, directory, &entry, number);
	}
	if (!status && ferror(file))
		status = fail(STATUS_DATA, "%s: cannot be read: %s", ledger->path, strerror(errno));
	if (ledger->note_count)
		qsort(ledger->notes, ledger->note_count, sizeof *ledger->notes, compare_notes);
	buffer_free(&entry.members);
	free(line);
	return status;
}

int ledger_read(struct ledger *ledger, const struct settings *settings, struct directory *directory)
{
	struct stat kind;
	FILE *file;
	int status;

	memset(ledger, 0, sizeof *ledger);
	if (!settings->names)
		return STATUS_OK;
	ledger->path = settings->names;
	ledger->hold = settings->name_hold;
	ledger->follow = settings->names_follow;
	/* It is going to be replaced: a device, which root could replace, is not what anybody means. */
	if (stat(ledger->path, &kind) == 0 && !S_ISREG(kind.st_mode))
		return fail(STATUS_CONFIG, "%s: is no regular file, so it can be no ledger: give --names a file of its own", ledger->path);
	ledger->mark = publication_mark(ledger->path);
	file = fopen(ledger->path, "re");
	if (!file && errno == ENOENT)
		return STATUS_OK;
	if (!file)
		return fail(STATUS_DATA, "%s: cannot be read: %s", ledger->path, strerror(errno));
	status = read_lines(ledger, directory, file);
	fclose(file);
	return status;
}

bool ledger_keeps_name(const struct ledger *ledger, struct parties *parties, uint32_t number, const char *base)
{
	struct party *party = &parties->at[number];

	if (!party->from_ledger)
		return false;
	if (!ledger->follow || name_is_made_of(party->name, base, parties_id(parties, number)))
		return true;
	name_book_hold(parties, (struct held_name){party->name, number, parties->since[number], 0, false});
	party->from_ledger = false;
	return false;
}

/* Which of two kept names of one party it gets back: the one it left last. */
static bool is_better(const struct parties *parties, const struct held_name *held, uint32_t than)
{
	const struct held_name *other = &parties->book.held[than];

	return held->left != other->left ? held->left > other->left : strcasecmp(held->name, other->name) < 0;
}

/* Gives a name back to its holder. */
static void take_back(struct parties *parties, uint32_t index)
{
	struct held_name *held = &parties->book.held[index];
	struct party *party = &parties->at[held->number];

	party->name = held->name;
	set_since(parties, held->number, held->since);
	party->from_ledger = true;
	name_book_enter(parties, held->number);
	held->name = NULL;
}

void ledger_settle(const struct ledger *ledger, struct parties *parties, uint32_t now)
{
	struct name_book *book = &parties->book;
	uint32_t *best;

	if (!ledger->path)
		return;
	best = memory_resize(NULL, parties->ids.count, sizeof *best);
	for (uint32_t i = 0; i < book->held_count; i++)
		best[book->held[i].number] = NO_HOLDER;
	for (uint32_t i = 0; i < book->held_count; i++) {
		struct held_name *held = &book->held[i];
		const struct party *party = &parties->at[held->number];

		if (!held->left)
			held->left = now;
		/* Who is there and filtered out has the name all the same. */
		if (party->line && !party->from_ledger
			&& (!ledger->follow || !party->name || name_is_made_of(held->name, party->name, parties_id(parties, held->number)))
			&& (best[held->number] == NO_HOLDER || is_better(parties, held, best[held->number])))
			best[held->number] = i;
	}
	for (uint32_t i = 0; i < book->held_count; i++)
		if (best[book->held[i].number] == i)
			take_back(parties, i);
	free(best);
	for (uint32_t i = 0; i < book->held_count; i++)
		book->held[i].over = !book->held[i].name || book->held[i].left + ledger->hold <= now;
}
