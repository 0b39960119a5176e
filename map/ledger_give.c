#include "ledger_give.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "entity_name.h"
#include "exit_status.h"
#include "json_string.h"
#include "ledger_line.h"
#include "message.h"
#include "reserved_names.h"

/* kind:[namespace/]name=ID[:FORMER] */
struct gift {
	bool is_user;
	struct slice name_space, id, former; /* data NULL: absent */
	char name[ENTITY_NAME_MAX + 1];
};

/* What is reported once all names passed on: lines. */
struct outcome {
	struct buffer notes, warnings;
};

static bool is_kind(struct slice ref, const char *kind)
{
	size_t length = strlen(kind);

	return ref.length > length && strncasecmp(ref.data, kind, length) == 0;
}

/* ID[:FORMER]. False: the text is not of that form. */
static bool read_ids(const char *text, struct gift *gift)
{
	size_t length = strcspn(text, ":");

	gift->id = slice_of(text, length);
	if (text[length])
		gift->former = slice_of_string(text + length + 1);
	return length && !strpbrk(text, " \t\r\n=/")
		&& (!text[length]
			|| (gift->former.length
				&& !strchr(gift->former.data, ':')));
}

/* False: the value is not of that form. */
static bool read_gift(const char *value, struct gift *gift)
{
	const char *sign = strchr(value, '='), *start, *slash;
	struct slice ref = slice_of(value, sign ? (size_t)(sign - value) : 0);

	memset(gift, 0, sizeof *gift);
	gift->is_user = is_kind(ref, "user:");
	if (!gift->is_user && !is_kind(ref, "group:"))
		return false;
	start = strchr(value, ':') + 1;
	slash = memchr(start, '/', (size_t)(sign - start));
	if (slash) {
		gift->name_space = slice_of(start, (size_t)(slash - start));
		start = slash + 1;
	}
	if (!entity_name_valid(slice_of(start, (size_t)(sign - start)))
		|| (slash && !gift->name_space.length))
		return false;
	memcpy(gift->name, start, (size_t)(sign - start));
	return read_ids(sign + 1, gift);
}

int ledger_give_check(const char *value)
{
	struct gift gift;

	if (!read_gift(value, &gift))
		return fail(STATUS_USAGE,
			"--give %s: expected REF=ID or REF=ID:FORMER, the name, "
			"the Okta id that gets it and the one that had it, "
			"such as group:default/web=00g9:00g1",
			value);
	/* Okta's ids say what they are of. */
	if (slice_starts_with(gift.id, gift.is_user ? "00g" : "00u"))
		return fail(STATUS_USAGE,
			"--give %s: %.*s is the Okta id of a %s, and the name "
			"is of a %s",
			value, SLICE_ARG(gift.id),
			gift.is_user ? "group" : "user",
			gift.is_user ? "user" : "group");
	return STATUS_OK;
}

/* The name that the party had until now is held for it: it has none. */
static void hold_name(struct parties *parties, uint32_t number, uint32_t now)
{
	struct party *party = &parties->at[number];

	name_book_hold(parties,
		(struct held_name){.name = party->name,
			.number = number,
			.since = parties->since[number],
			.left = now});
	party->from_ledger = false;
	party->line = 0;
}

/* A held name goes to a party; what people noted in its line goes with it. */
static void pass_on(struct ledger *ledger, struct parties *parties,
	uint32_t holder, uint32_t number, uint32_t now)
{
	struct held_name *held = &parties->book.held[holder & ~HELD];
	struct party *party;

	for (size_t i = 0; i < ledger->note_count; i++)
		if (ledger->notes[i].parties == parties
			&& ledger->notes[i].number == held->number
			&& strcmp(ledger->notes[i].name, held->name) == 0)
			ledger->notes[i].number = number;
	party = &parties->at[number];
	party->name = held->name;
	party->from_ledger = true;
	party->line = 1;
	ledger_set_since(parties, number, now);
	name_book_enter(parties, number);
	held->name = NULL;
	held->over = true;
}

/* A ledger of another provider is read: does it have the name, too? */
struct reserved_check {
	const char *value, *name_space;
	const struct gift *gift;
	bool skip; /* the ledger is of another namespace */
};

static int check_line(void *owner, const struct ledger_line *line)
{
	struct reserved_check *check = owner;
	const struct gift *gift = check->gift;
	struct reserved_name there = {.file = line->path, .left = line->left};
	struct buffer id = BUFFER_EMPTY, text = BUFFER_EMPTY;
	int status = STATUS_OK;

	if (line->is_header)
		check->skip = line->name_space.data
			&& !slice_equals(line->name_space, check->name_space);
	if (line->is_header || check->skip
		|| ledger_line_is_user(line) != gift->is_user
		|| line->name.length != strlen(gift->name)
		|| strncasecmp(line->name.data, gift->name, line->name.length)
			!= 0)
		return STATUS_OK;
	json_string_decode(line->id, &id);
	if (!slice_same(buffer_slice(&id), gift->id)) {
		there.id = buffer_string(&id);
		reserved_names_add_obstacle(
			&text, gift->is_user ? "user" : "group", &there);
		status = fail(STATUS_DATA, "--give %s: %s", check->value,
			buffer_string(&text));
	}
	buffer_free(&id);
	buffer_free(&text);
	return status;
}

/* 0, or 65 after a message if another provider has the name for another id. */
static int check_reserved(const struct settings *settings,
	const char *name_space, const struct gift *gift, const char *value)
{
	struct reserved_check check = {value, name_space, gift, false};
	int status = STATUS_OK;

	for (size_t i = 0; !status && i < settings->names_reserved.count; i++) {
		check.skip = false;
		status = ledger_lines_read(
			settings->names_reserved.items[i], check_line, &check);
	}
	return status;
}

/* Has the holder left, or is it the former holder that --give names? */
static int check_holder(const struct parties *parties, uint32_t holder,
	const struct gift *gift, const char *value)
{
	struct slice id =
		parties_id(parties, name_book_party(parties, holder));

	if (gift->former.data && !slice_same(id, gift->former))
		return fail(STATUS_DATA,
			"--give %s: the holder of the name is %s %.*s, not "
			"%.*s",
			value, parties->what, SLICE_ARG(id),
			SLICE_ARG(gift->former));
	if (!gift->former.data && !(holder & HELD))
		return fail(STATUS_DATA,
			"--give %s: %s %.*s has the name and had not left when "
			"okta-map last ran: if %s %.*s has left since, add it "
			"as the former holder: --give %s:%.*s",
			value, parties->what, SLICE_ARG(id), parties->what,
			SLICE_ARG(id), value, SLICE_ARG(id));
	return STATUS_OK;
}

/* The name is held: it becomes the gift's id's, whose own name is held. */
static void pass_to(struct ledger *ledger, struct parties *parties,
	uint32_t holder, struct slice id, uint32_t now, struct outcome *done)
{
	uint32_t number;

	if (id_table_find(&parties->ids, id) == UINT32_MAX)
		buffer_add_format(&done->warnings,
			"%.*s is not in the ledger: check its spelling; Okta's "
			"ids are case-sensitive\n",
			SLICE_ARG(id));
	number = parties_number(parties, id);
	if (parties->at[number].from_ledger) {
		buffer_add_format(&done->notes,
			"the name %s, which %s %.*s had until now, is held\n",
			parties->at[number].name, parties->what,
			SLICE_ARG(id));
		hold_name(parties, number, now);
	}
	pass_on(ledger, parties, holder, number, now);
}

/* done: gets the lines about the name. */
static int give_one(struct ledger *ledger, const struct settings *settings,
	struct directory *d, const char *value, uint32_t now,
	struct outcome *done)
{
	const char *space =
		ledger->name_space ? ledger->name_space : settings->name_space;
	struct parties *parties;
	int status;
	struct gift gift;
	uint32_t holder;
	struct slice other;

	read_gift(value, &gift);
	parties = gift.is_user ? &d->users : &d->groups;
	if (gift.name_space.data
		&& (gift.name_space.length != strlen(space)
			|| strncasecmp(
				   gift.name_space.data, space, strlen(space))
				!= 0))
		return fail(STATUS_DATA,
			"--give %s: the names of %s are in the namespace %s%s",
			value, ledger->path, space,
			ledger->name_space ? "" : " (--namespace)");
	holder = name_book_find(parties, gift.name);
	if (holder == NO_HOLDER)
		return fail(STATUS_DATA, "--give %s: %s has no %s of this name",
			value, ledger->path, parties->what);
	other = parties_id(parties, name_book_party(parties, holder));
	if (!(holder & HELD) && slice_same(other, gift.id)) {
		buffer_add_format(&done->notes,
			"%s %.*s has the name %s already\n", parties->what,
			SLICE_ARG(gift.id), gift.name);
		return STATUS_OK;
	}
	status = check_holder(parties, holder, &gift, value);
	if (!status)
		status = check_reserved(settings, space, &gift, value);
	if (status)
		return status;
	buffer_add_format(&done->notes,
		"the name %s passed from %s %.*s to %.*s\n",
		name_book_name(parties, holder), parties->what,
		SLICE_ARG(other), SLICE_ARG(gift.id));
	if (!(holder & HELD)) {
		hold_name(parties, holder, now);
		holder = name_book_find(parties, gift.name);
	}
	pass_to(ledger, parties, holder, gift.id, now, done);
	return STATUS_OK;
}

static void report(const struct ledger *ledger, struct buffer *lines,
	void (*say)(const char *format, ...))
{
	const char *line = buffer_string(lines), *feed;

	for (; (feed = strchr(line, '\n')) != NULL; line = feed + 1)
		say("%s: %.*s", ledger->path, (int)(feed - line), line);
}

/* Nobody leaves for want of a stream. */
static void stay(struct parties *parties)
{
	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties->at[i].from_ledger)
			parties->at[i].line = 1;
}

int ledger_give(struct ledger *ledger, const struct settings *settings,
	struct directory *directory)
{
	uint32_t now = ledger_leaving_time(ledger, (uint32_t)time(NULL));
	struct outcome done = {BUFFER_EMPTY, BUFFER_EMPTY};
	int status = reserved_names_lock(settings);

	if (status)
		return status;
	if (!ledger->exists)
		return fail(STATUS_DATA,
			"%s: there is no ledger, so no name can be passed on",
			ledger->path);
	stay(&directory->users);
	stay(&directory->groups);
	for (size_t i = 0; !status && i < settings->gives.count; i++)
		status = give_one(ledger, settings, directory,
			settings->gives.items[i], now, &done);
	ledger_sort_notes(ledger);
	if (!status)
		status = ledger_prepare(ledger, settings, directory, now);
	if (!status)
		status = ledger_commit(ledger);
	if (!status) {
		report(ledger, &done.warnings, warn);
		report(ledger, &done.notes, note);
	}
	buffer_free(&done.notes);
	buffer_free(&done.warnings);
	return status;
}
