#include "reserved_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>

#include "entity_name.h"
#include "exit_status.h"
#include "json_string.h"
#include "ledger.h"
#include "ledger_line.h"
#include "memory.h"
#include "message.h"
#include "timestamp.h"

enum { CONFLICTS_REPORTED = 10 };

bool reserved_names_has(const struct parties *parties, uint32_t holder)
{
	const struct name_book *book = &parties->book;

	return holder != NO_HOLDER && holder & HELD
		&& (holder & ~HELD) >= book->held_count - book->held_reserved;
}

/* By holder; of one holder those who have not left first. */
static int compare_reserved(const void *left, const void *right)
{
	const struct reserved_name *a = left, *b = right;
	int order = (a->holder > b->holder) - (a->holder < b->holder);

	order = order ? order : !!a->left - !!b->left;
	order = order ? order : strcmp(a->file, b->file);
	return order ? order : strcmp(a->id, b->id);
}

const struct reserved_name *reserved_names_other(
	const struct parties *parties, uint32_t holder, uint32_t number)
{
	const struct name_book *book = &parties->book;
	uint32_t low = 0, high = book->reserved_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (book->reserved[middle].holder < holder)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < book->reserved_count
		&& book->reserved[low].holder == holder;
		low++)
		if (number == NOBODY || book->reserved[low].number != number)
			return &book->reserved[low];
	return NULL;
}

void reserved_names_add_obstacle(struct buffer *text, const char *what,
	const struct reserved_name *other)
{
	char left[TIMESTAMP_SIZE];

	if (!other->left) {
		buffer_add_format(text,
			"the name cannot be passed on while %s %s has it in "
			"%s: keep the suffix, or give one of the providers "
			"another --namespace",
			what, other->id, other->file);
		return;
	}
	timestamp_format(other->left, left);
	buffer_add_format(text,
		"the name cannot be passed on while %s holds it for %s %s "
		"(since %s): remove that line from %s if %s will not use the "
		"name again",
		other->file, what, other->id, left, other->file, other->id);
}

static void add_reserved(
	struct name_book *book, const struct reserved_name *reserved)
{
	if (book->reserved_count == book->reserved_capacity) {
		book->reserved_capacity = book->reserved_capacity
			? book->reserved_capacity * 2
			: 64;
		book->reserved = memory_resize(book->reserved,
			book->reserved_capacity, sizeof *book->reserved);
	}
	book->reserved[book->reserved_count++] = *reserved;
}

static void take_name(struct reserved_names *reserved,
	const struct ledger_line *line, struct slice id)
{
	struct directory *d = reserved->directory;
	struct parties *parties =
		ledger_line_is_user(line) ? &d->users : &d->groups;
	struct reserved_name there = {
		.number = id_table_find(&parties->ids, id),
		.id = arena_copy(&reserved->arena, id),
		.file = reserved->file,
		.left = line->left};
	struct name_book *book = &parties->book;
	char name[ENTITY_NAME_MAX + 1] = "";
	struct held_name *held;

	memcpy(name, line->name.data, line->name.length);
	there.holder = name_book_find(parties, name);
	if (there.holder == NO_HOLDER) {
		there.holder = book->held_count | HELD;
		name_book_hold(parties,
			(struct held_name){.number = there.number,
				.name = arena_copy(
					&reserved->arena, line->name)});
		book->held_reserved++;
	} else if (reserved_names_has(parties, there.holder)) {
		/* Two ids have it: then it is not available to either. */
		held = &book->held[there.holder & ~HELD];
		if (held->number != there.number)
			held->number = NOBODY;
	}
	add_reserved(book, &there);
}

static int take_line(void *owner, const struct ledger_line *line)
{
	struct reserved_names *reserved = owner;
	struct buffer text = BUFFER_EMPTY;

	if (line->is_header) {
		reserved->skip = line->name_space.data
			&& !slice_equals(line->name_space,
				reserved->settings->name_space);
	} else if (!reserved->skip) {
		json_string_decode(line->id, &text);
		take_name(reserved, line, buffer_slice(&text));
	}
	buffer_free(&text);
	return STATUS_OK;
}

int reserved_names_lock(const struct settings *settings)
{
	int descriptor = (int)settings->names_lock;

	if (!descriptor || flock(descriptor, LOCK_EX | LOCK_NB) == 0)
		return STATUS_OK;
	debug("--names-lock %d: another run has the lock: waiting", descriptor);
	while (flock(descriptor, LOCK_EX) < 0)
		if (errno != EINTR)
			return fail(STATUS_CREATE,
				"--names-lock %d: cannot be locked: %s",
				descriptor, strerror(errno));
	return STATUS_OK;
}

static void sort(struct name_book *book)
{
	if (book->reserved_count)
		qsort(book->reserved, book->reserved_count,
			sizeof *book->reserved, compare_reserved);
}

int reserved_names_read(struct reserved_names *reserved,
	const struct settings *settings, struct directory *directory)
{
	int status = STATUS_OK;

	reserved->settings = settings;
	reserved->directory = directory;
	for (size_t i = 0; !status && i < settings->names_reserved.count; i++) {
		reserved->file = settings->names_reserved.items[i];
		reserved->skip = false;
		status = ledger_lines_read(reserved->file, take_line, reserved);
	}
	sort(&directory->groups.book);
	sort(&directory->users.book);
	return status;
}

/* Is the holder's name kept while the holder does not use it? */
static bool is_gone(const struct parties *parties, uint32_t holder)
{
	return holder & HELD
		|| !parties->at[name_book_party(parties, holder)].line;
}

/* Who has the name here. */
static void add_own(struct buffer *text, const struct reserved_names *reserved,
	const struct parties *parties, uint32_t holder)
{
	const struct settings *settings = reserved->settings;
	const char *file =
		settings->names ? settings->names : settings->names_from;
	const char *name = name_book_name(parties, holder);
	uint32_t number = name_book_party(parties, holder);
	struct slice id = parties_id(parties, number);
	char left[TIMESTAMP_SIZE];

	if (!is_gone(parties, holder)) {
		buffer_add_format(text, "%s %.*s has the name %s in %s",
			parties->what, SLICE_ARG(id), name, file);
		return;
	}
	timestamp_format(holder & HELD ? parties->book.held[holder & ~HELD].left
				       : reserved->leaving,
		left);
	buffer_add_format(text,
		"%s holds the name %s for %s %.*s, who %s at %s",
		file, name, parties->what, SLICE_ARG(id),
		parties->at[number].line ? "was renamed" : "left", left);
}

/* Who has it there. */
static void add_other(struct buffer *text, const struct parties *parties,
	const struct reserved_name *there)
{
	char left[TIMESTAMP_SIZE];

	if (!there->left) {
		buffer_add_format(text, ", and %s %s has it in %s",
			parties->what, there->id, there->file);
		return;
	}
	timestamp_format(there->left, left);
	buffer_add_format(text, ", and %s has held it for %s %s since %s",
		there->file, parties->what, there->id, left);
}

/* What ends the conflict. */
static void add_ways(struct buffer *text, const struct reserved_names *reserved,
	const struct parties *parties, const struct reserved_name *there)
{
	uint32_t holder = there->holder, number = there->number;
	bool gone = is_gone(parties, holder);

	if (gone || there->left)
		buffer_add_format(text, ": remove that line from %s if %.*s "
			"will not use the name again",
			gone ? reserved->settings->names : there->file,
			SLICE_ARG(gone ? parties_id(parties,
						 name_book_party(
							 parties, holder))
				       : slice_of_string(there->id)));
	else
		buffer_add_string(text,
			": change the name in one of the two lines");
	if (gone && parties->give && number != NOBODY
		&& parties->at[number].line
		&& !reserved_names_other(parties, holder, number)) {
		buffer_add_string(text, ", or pass the name on: ");
		ledger_add_give(text, parties, holder, number);
	} else {
		buffer_add_string(text,
			", or give one of the providers another --namespace");
	}
}

/* A name that the own ledger has for one id and another ledger for another. */
static void report_conflict(struct reserved_names *reserved,
	const struct parties *parties, const struct reserved_name *there)
{
	struct buffer text = BUFFER_EMPTY;
	bool gone = is_gone(parties, there->holder);

	/* Nobody has the name while both hold it; a catalog holds none. */
	if (gone && (there->left || !reserved->settings->names))
		return;
	if (reserved->conflicts++ >= CONFLICTS_REPORTED)
		return;
	add_own(&text, reserved, parties, there->holder);
	add_other(&text, parties, there);
	add_ways(&text, reserved, parties, there);
	warn("%s", buffer_string(&text));
	buffer_free(&text);
}

static void report_conflicts(
	struct reserved_names *reserved, const struct parties *parties)
{
	const struct name_book *book = &parties->book;

	for (uint32_t i = 0; i < book->reserved_count; i++) {
		const struct reserved_name *there = &book->reserved[i];

		if (!reserved_names_has(parties, there->holder)
			&& name_book_party(parties, there->holder)
				!= there->number)
			report_conflict(reserved, parties, there);
	}
}

/* A name that a party claims and has in another ledger is available to it. */
static void give_own(struct parties *parties, uint32_t now)
{
	struct name_book *book = &parties->book;

	for (uint32_t i = book->held_count - book->held_reserved;
		i < book->held_count; i++) {
		struct held_name *held = &book->held[i];
		struct party *party = held->number == NOBODY
			? NULL
			: &parties->at[held->number];

		if (!party || party->from_ledger
			|| !parties_has(parties, held->number)
			|| strcasecmp(party->name, held->name) != 0)
			continue;
		party->from_ledger = true;
		ledger_set_since(parties, held->number, now);
		name_book_enter(parties, held->number);
		held->over = true;
	}
}

void reserved_names_settle(
	struct reserved_names *reserved, uint32_t now, uint32_t leaving)
{
	const struct settings *settings = reserved->settings;
	struct directory *d = reserved->directory;

	reserved->leaving = leaving;	report_conflicts(reserved, &d->groups);
	report_conflicts(reserved, &d->users);
	if (reserved->conflicts > CONFLICTS_REPORTED)
		warn("more names that are both in %s and, for another Okta id, "
			"in the ledger of another provider: %u",
			settings->names ? settings->names
					: settings->names_from,
			reserved->conflicts - CONFLICTS_REPORTED);
	give_own(&d->groups, now);
	give_own(&d->users, now);
}

static void forget(struct name_book *book)
{
	free(book->reserved);
	book->reserved = NULL;
	book->reserved_count = book->reserved_capacity = 0;
	if (!book->held_reserved)
		return;
	book->held_count -= book->held_reserved;
	book->held_reserved = 0;
	book->held_capacity = book->held_count;
	book->held =
		memory_resize(book->held, book->held_count, sizeof *book->held);
}

void reserved_names_free(struct reserved_names *reserved)
{
	if (reserved->directory) {
		forget(&reserved->directory->groups.book);
		forget(&reserved->directory->users.book);
	}
	arena_free(&reserved->arena);
}
