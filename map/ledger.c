#include "ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "buffer.h"
#include "catalog_names.h"
#include "exit_status.h"
#include "json_string.h"
#include "ledger_line.h"
#include "memory.h"
#include "message.h"
#include "name_claims.h"
#include "okta_names.h"
#include "shell_word.h"
#include "timestamp.h"

enum { NAMES_REPORTED = 3 };

/* Who reads the ledger, or the catalog in its place. */
struct reading {
	struct ledger *ledger;
	struct directory *directory;
};

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

void ledger_sort_notes(struct ledger *ledger)
{
	if (ledger->note_count)
		qsort(ledger->notes, ledger->note_count, sizeof *ledger->notes,
			compare_notes);
}

const char *ledger_note_of(const struct ledger *ledger, const struct parties *parties, uint32_t number, const char *name)
{
	struct ledger_note wanted = {parties, number, name, NULL}, *found;

	found = ledger->note_count ? bsearch(&wanted, ledger->notes, ledger->note_count, sizeof wanted, compare_notes) : NULL;
	return found ? found->members : "";
}

void ledger_set_since(struct parties *parties, uint32_t number, uint32_t since)
{
	if (number >= parties->since_capacity) {
		parties->since_capacity = parties->capacity;
		parties->since = memory_resize(parties->since, parties->since_capacity, sizeof *parties->since);
	}
	parties->since[number] = since;
}

static char *copy_text(struct slice raw)
{
	struct buffer text = BUFFER_EMPTY;
	char *copy;

	if (!raw.data)
		return NULL;
	json_string_decode(raw, &text);
	copy = memory_copy_bytes(text.data, text.length);
	buffer_free(&text);
	return copy;
}

static int take_header(struct ledger *ledger, const struct ledger_line *line)
{
	ledger->org_id = copy_text(line->org_id);
	ledger->okta_url = copy_text(line->okta_url);
	ledger->name_space = copy_text(line->name_space);
	ledger->hold_text = line->hold.data
		? memory_copy_bytes(line->hold.data, line->hold.length)
		: NULL;
	ledger->members =
		memory_copy_bytes(line->members.data, line->members.length);
	ledger->fetched = line->fetched;
	return STATUS_OK;
}

/* The party of an id, which is in the directory from now on. */
static uint32_t number_of(struct parties *parties, struct slice raw_id)
{
	struct buffer id = BUFFER_EMPTY;
	uint32_t number;

	json_string_decode(raw_id, &id);
	number = parties_number(parties, buffer_slice(&id));
	buffer_free(&id);
	return number;
}

/* The name becomes the party's, which has none yet. */
static void give(struct ledger *ledger, struct parties *parties,
	const struct held_name *held)
{
	struct party *party = &parties->at[held->number];

	party->name = held->name;
	ledger_set_since(parties, held->number, held->since);
	party->from_ledger = true;
	name_book_enter(parties, held->number);
	ledger->live++;
}

static int damaged(const struct ledger_line *line, const char *format, ...)
	MESSAGE_FORMAT(2, 3);

static int damaged(const struct ledger_line *line, const char *format, ...)
{
	char what[400];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	return ledger_line_damaged(line, what);
}

/* A time of the line of a name: is it the latest? */
static void note_time(struct ledger *ledger, const char *what, const char *name,
	uint32_t time)
{
	if (time <= ledger->latest)
		return;
	ledger->latest = time;
	ledger->latest_what = what;
	ledger->latest_name = name;
}

static int take_name(struct reading *reading, const struct ledger_line *line)
{
	struct ledger *ledger = reading->ledger;
	struct directory *d = reading->directory;
	struct parties *parties =
		ledger_line_is_user(line) ? &d->users : &d->groups;
	struct held_name held = {.since = line->since,
		.left = line->left,
		.expired = line->expired};

	held.name = arena_copy(&d->names, line->name);
	held.number = number_of(parties, line->id);
	if (line->members.length)
		take_note(ledger, parties, &held,
			arena_copy(&d->names, buffer_slice(&line->members)));
	if (line->okta_names.data)
		okta_names_read(
			parties, &d->names, held.number, line->okta_names);
	if (name_book_find(parties, held.name) != NO_HOLDER)
		return damaged(line, "the name %s is in an earlier line, too",
			held.name);
	if (!line->left_text.data && parties->at[held.number].from_ledger)
		return damaged(line,
			"%s %.*s has the name %s already, from an earlier line",
			parties->what, SLICE_ARG(line->id),
			parties->at[held.number].name);
	note_time(ledger, parties->what, held.name,
		line->since > line->left ? line->since : line->left);
	if (line->left_text.data)
		name_book_hold(parties, held);
	else
		give(ledger, parties, &held);
	return STATUS_OK;
}

static int take_line(void *owner, const struct ledger_line *line)
{
	struct reading *reading = owner;

	if (line->is_header)
		return take_header(reading->ledger, line);
	return take_name(reading, line);
}

/* A name of the catalog. A second one of the same id is held for that id. */
static bool take_published(
	void *owner, bool is_user, struct slice name, struct slice id)
{
	struct reading *reading = owner;
	struct directory *d = reading->directory;
	struct parties *parties = is_user ? &d->users : &d->groups;
	struct held_name held = {.name = arena_copy(&d->names, name)};

	held.number = parties_number(parties, id);
	if (name_book_find(parties, held.name) != NO_HOLDER)
		return false;
	if (parties->at[held.number].from_ledger)
		name_book_hold(parties, held);
	else
		give(reading->ledger, parties, &held);
	return true;
}

/* There is no ledger: the names that were published stay with their ids. */
static int read_catalog(
	struct reading *reading, const struct settings *settings)
{
	const struct ledger *ledger = reading->ledger;
	const char *path = settings->names_from;
	bool exists;
	int status = catalog_names_read(
		path, settings->name_space, take_published, reading, &exists);

	if (status)
		return status;
	if (!exists)
		debug("%s: does not exist, so no names are taken from there",
			path);
	else if (!ledger->path)
		debug("%s: %lu names stay with their Okta ids", path,
			(unsigned long)ledger->live);
	else
		note("%s: there is no ledger, so %s from the %lu names "
			"published in %s; this ledger knows nothing of holders "
			"who had already left",
			ledger->path,
			ledger->readonly ? "names are taken" : "it is made",
			(unsigned long)ledger->live, path);
	return STATUS_OK;
}

/* The command that passes a name on, up to the name. */
static char *give_command(const struct settings *settings, const char *kind)
{
	struct buffer text = BUFFER_EMPTY;
	char *command;

	buffer_add_string(&text, "okta-map --names ");
	shell_word_add(&text, settings->names);
	for (size_t i = 0; i < settings->names_reserved.count; i++) {
		buffer_add_string(&text, " --names-reserved ");
		shell_word_add(&text, settings->names_reserved.items[i]);
	}
	buffer_add_format(&text, " --give %s:%s/", kind, settings->name_space);
	command = memory_copy_string(buffer_string(&text));
	buffer_free(&text);
	return command;
}

void ledger_add_give(struct buffer *text, const struct parties *parties,
	uint32_t holder, uint32_t number)
{
	buffer_add_format(text, "%s%s=%.*s", parties->give,
		name_book_name(parties, holder),
		SLICE_ARG(parties_id(parties, number)));
	/* The ledger may stay as it is: if the run is not published. */
	if (!(holder & HELD) || parties->book.held[holder & ~HELD].fresh)
		buffer_add_format(text, ":%.*s",
			SLICE_ARG(parties_id(parties,
				name_book_party(parties, holder))));
}

int ledger_read(struct ledger *ledger, const struct settings *settings, struct directory *directory)
{
	struct reading reading = {ledger, directory};
	int status = STATUS_OK;

	memset(ledger, 0, sizeof *ledger);
	ledger->hold = settings->name_hold;
	ledger->follow = settings->names_follow;
	ledger->readonly = settings->names_readonly;
	ledger->path = settings->names;
	if (ledger->path) {
		ledger->mark = publication_mark(ledger->path);
		ledger->exists = ledger->mark.size > 0;
		directory->users.give = give_command(settings, "user");
		directory->groups.give = give_command(settings, "group");
		status = ledger_lines_read(ledger->path, take_line, &reading);
	}
	if (!status && !ledger->exists && settings->names_from)
		status = read_catalog(&reading, settings);
	ledger_sort_notes(ledger);
	return status;
}

bool ledger_keeps_name(const struct ledger *ledger, struct parties *parties, uint32_t number, const char *base)
{
	struct party *party = &parties->at[number];

	if (!party->from_ledger)
		return false;
	if (!ledger->follow || name_is_made_of(party->name, base, parties_id(parties, number)))
		return true;
	name_book_hold(parties,
		(struct held_name){.name = party->name,
			.number = number,
			.since = parties->since[number]});
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
	ledger_set_since(parties, held->number, held->since);
	party->from_ledger = true;
	name_book_enter(parties, held->number);
	held->name = NULL;
}

uint32_t ledger_leaving_time(const struct ledger *ledger, uint32_t now)
{
	if (now < ledger->fetched)
		now = ledger->fetched;
	return now < ledger->latest ? ledger->latest : now;
}

static void add_name(struct ledger_names *names, const struct parties *parties,
	const struct held_name *held)
{
	if (names->count++ < NAMES_REPORTED)
		buffer_add_format(&names->text, "%s%s %s of %.*s",
			names->count > 1 ? ", " : "", parties->what, held->name,
			SLICE_ARG(parties_id(parties, held->number)));
}

/*
 * A hold ends when two runs found it over, this one and one of an earlier time:
 * the same stream, mapped again, is no second opinion.
 */
static void judge_hold(struct ledger *ledger, const struct parties *parties,
	struct held_name *held, uint32_t now)
{
	if (held->left + ledger->hold > now) {
		held->expired = 0;
	} else if (!held->expired || held->expired >= now) {
		held->expired = now;
		add_name(&ledger->expired, parties, held);
	} else if (now >= ledger->fetched) {
		held->over = true;
		add_name(&ledger->ended, parties, held);
	}
}

/* For each held name the one of its holder's that it gets back, if any. */
static uint32_t *find_best(
	const struct ledger *ledger, const struct parties *parties)
{
	const struct name_book *book = &parties->book;
	uint32_t *best = memory_resize(NULL, parties->ids.count, sizeof *best);

	for (uint32_t i = 0; i < book->held_count; i++)
		best[book->held[i].number] = NO_HOLDER;
	for (uint32_t i = 0; i < book->held_count; i++) {
		const struct held_name *held = &book->held[i];
		const struct party *party = &parties->at[held->number];

		/* Who is there and filtered out has the name all the same. */
		if (party->line && !party->from_ledger
			&& (!ledger->follow || !party->name || name_is_made_of(held->name, party->name, parties_id(parties, held->number)))
			&& (best[held->number] == NO_HOLDER || is_better(parties, held, best[held->number])))
			best[held->number] = i;
	}
	return best;
}

void ledger_settle(struct ledger *ledger, struct parties *parties, uint32_t now)
{
	struct name_book *book = &parties->book;
	uint32_t *best;

	if (!book->held_count)
		return;
	for (uint32_t i = 0; i < book->held_count; i++)
		if (!book->held[i].left) {
			book->held[i].left = ledger_leaving_time(ledger, now);
			book->held[i].fresh = true;
		}
	best = find_best(ledger, parties);
	for (uint32_t i = 0; i < book->held_count; i++)
		if (best[book->held[i].number] == i)
			take_back(parties, i);
	free(best);
	for (uint32_t i = 0; i < book->held_count; i++) {
		if (book->held[i].name)
			judge_hold(ledger, parties, &book->held[i], now);
		else
			book->held[i].over = true;
	}
}

void ledger_check_time(const struct ledger *ledger, uint32_t now)
{
	char before[TIMESTAMP_SIZE], time[TIMESTAMP_SIZE];

	timestamp_format(now, time);
	if (now < ledger->latest) {
		timestamp_format(ledger->latest, before);
		/* The same words in each run: one finding, not a new one. */
		warn("%s: %s %s has the time %s, which is later than the "
			"stream: the names of all who leave are held from "
			"that time on; if the time is wrong, correct it in the "
			"line by hand",
			ledger->path, ledger->latest_what, ledger->latest_name,
			before);
	}
	if (now >= ledger->fetched)
		return;
	timestamp_format(ledger->fetched, before);
	warn("%s: the stream is of %s, and an earlier run was of %s: no hold "
		"of a name ends in this run; check the clock where okta-fetch "
		"ran",
		ledger->path, time, before);
}

static void report_names(const struct ledger_names *names, const char *what)
{
	struct slice text = buffer_slice(&names->text);

	if (names->count)
		note("%s: %lu (%.*s%s)", what, (unsigned long)names->count,
			SLICE_ARG(text),
			names->count > NAMES_REPORTED ? ", ..." : "");
}

void ledger_report_holds(const struct ledger *ledger)
{
	report_names(&ledger->expired,
		"holds of names that are over for the first time, and end with "
		"the next run of a later time that agrees");
	report_names(&ledger->ended,
		"holds of names that ended after two runs found them over, so "
		"that anybody may get these names");
}
