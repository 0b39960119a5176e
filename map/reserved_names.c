#include "reserved_names.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>

#include "buffer.h"
#include "entity_name.h"
#include "exit_status.h"
#include "json_string.h"
#include "ledger.h"
#include "ledger_line.h"
#include "memory.h"
#include "message.h"

enum { CONFLICTS_REPORTED = 10 };

bool reserved_names_has(const struct parties *parties, uint32_t holder)
{
	const struct name_book *book = &parties->book;

	return holder != NO_HOLDER && holder & HELD
		&& (holder & ~HELD) >= book->held_count - book->reserved_count;
}

const char *reserved_names_id(const struct parties *parties, uint32_t holder)
{
	const char *name = name_book_name(parties, holder);

	return name + strlen(name) + 1;
}

const char *reserved_names_file(const struct parties *parties, uint32_t holder)
{
	const struct name_book *book = &parties->book;

	return book->reserved_files[book->held[holder & ~HELD].since];
}

/* A name that the own ledger has for one id and another ledger for another. */
static void report_conflict(struct reserved_names *reserved,
	const struct parties *parties, uint32_t holder,
	const struct ledger_line *line, struct slice id)
{
	const char *name = name_book_name(parties, holder);
	bool gone = holder & HELD
		|| !parties->at[name_book_party(parties, holder)].line;

	/* Nobody has the name while both hold it. */
	if ((gone && line->left_text.data)
		|| reserved->conflicts++ >= CONFLICTS_REPORTED)
		return;
	warn("%s %.*s has the name %s, and in %s %.*s has the name: both keep "
		"the name; after the first of them has left, %s%s=ID passes "
		"the name on",
		parties->what,
		SLICE_ARG(
			parties_id(parties, name_book_party(parties, holder))),
		name, line->path, SLICE_ARG(id),
		parties->give ? parties->give : "okta-map --give ", name);
}

/* The line's name with its id behind its NUL. */
static const char *copy_name(struct reserved_names *reserved,
	const struct ledger_line *line, struct slice id)
{
	struct buffer text = BUFFER_EMPTY;
	const char *copy;

	buffer_add(&text, line->name.data, line->name.length);
	buffer_add_byte(&text, '\0');
	buffer_add(&text, id.data, id.length);
	copy = arena_copy(&reserved->arena, buffer_slice(&text));
	buffer_free(&text);
	return copy;
}

static void take_name(struct reserved_names *reserved,
	const struct ledger_line *line, struct slice id)
{
	struct directory *d = reserved->directory;
	struct parties *parties =
		ledger_line_is_user(line) ? &d->users : &d->groups;
	struct held_name held = {.number = id_table_find(&parties->ids, id),
		.since = reserved->file,
		.left = 1};
	char name[ENTITY_NAME_MAX + 1] = "";
	uint32_t holder;

	memcpy(name, line->name.data, line->name.length);
	holder = name_book_find(parties, name);
	if (holder == NO_HOLDER) {
		held.name = copy_name(reserved, line, id);
		name_book_hold(parties, held);
		parties->book.reserved_count++;
	} else if (reserved_names_has(parties, holder)) {
		/* Two ids have it: then it is not available to either. */
		if (parties->book.held[holder & ~HELD].number != held.number)
			parties->book.held[holder & ~HELD].number = NOBODY;
	} else if (name_book_party(parties, holder) != held.number) {
		report_conflict(reserved, parties, holder, line, id);
	}
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

/* A name that a party claims and has in another ledger is available to it. */
static void give_own(struct parties *parties, uint32_t now)
{
	struct name_book *book = &parties->book;

	for (uint32_t i = book->held_count - book->reserved_count;
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

/* The caller unlocks the descriptor, which it shares with this process. */
static int lock(int descriptor)
{
	if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
		return STATUS_OK;
	debug("--names-lock %d: another run has the lock: waiting", descriptor);
	while (flock(descriptor, LOCK_EX) < 0)
		if (errno != EINTR)
			return fail(STATUS_CREATE,
				"--names-lock %d: cannot be locked: %s",
				descriptor, strerror(errno));
	return STATUS_OK;
}

int reserved_names_read(struct reserved_names *reserved,
	const struct settings *settings, struct directory *directory,
	uint32_t now)
{
	int status = STATUS_OK;

	if (settings->names_lock)
		status = lock((int)settings->names_lock);
	reserved->settings = settings;
	reserved->directory = directory;
	directory->groups.book.reserved_files = settings->names_reserved.items;
	directory->users.book.reserved_files = settings->names_reserved.items;
	for (size_t i = 0; !status && i < settings->names_reserved.count; i++) {
		reserved->file = (uint32_t)i;
		reserved->skip = false;
		status = ledger_lines_read(
			settings->names_reserved.items[i], take_line, reserved);
	}
	if (status)
		return status;
	if (reserved->conflicts > CONFLICTS_REPORTED)
		warn("%lu more names are in this ledger and, for other Okta "
			"ids, in those of --names-reserved: all keep them",
			(unsigned long)reserved->conflicts
				- CONFLICTS_REPORTED);
	give_own(&directory->groups, now);
	give_own(&directory->users, now);
	return STATUS_OK;
}

static void forget(struct name_book *book)
{
	if (!book->reserved_count)
		return;
	book->held_count -= book->reserved_count;
	book->reserved_count = 0;
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
