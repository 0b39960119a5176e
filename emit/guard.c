#include "guard.h"

#include <string.h>
#include <time.h>

#include "buffer.h"
#include "exit_status.h"
#include "message.h"

/* A share of few is soon exceeded: without --max-removals, this many may go in any case. */
enum { FREE_REMOVALS = 10, NAMED = 5 };

/* A person must be able to judge each name by the message alone. */
enum { TAKEN_OVER_NAMED = 100 };

static bool exceeds(const struct settings *settings, unsigned long gone, unsigned long before)
{
	unsigned long allowed = (unsigned long)settings->max_removals;

	if (settings->max_is_share)
		allowed = (unsigned long)((unsigned long long)before * allowed / 100);
	if (!settings->max_given && allowed < FREE_REMOVALS)
		allowed = FREE_REMOVALS;
	return gone > allowed;
}

static void add_names(struct buffer *names, const struct catalog *catalog, const struct difference *d)
{
	size_t total = d->removed_count + d->renamed_count, named = total < NAMED ? total : NAMED;

	for (size_t i = 0; i < named; i++) {
		buffer_add_string(names, i ? ", " : ": ");
		if (i < d->removed_count)
			buffer_add_string(names, d->removed[i].ref);
		else
			buffer_add_format(names, "%s (now %s)", d->removed[i].ref, catalog->rows[d->removed[i].to].ref);
	}
	if (total > named)
		buffer_add_format(names, " and %zu more", total - named);
}

/* "40 of 200 users" for what exceeds the bound. */
static void add_count(const struct settings *settings, struct buffer *text, const char *what, unsigned long gone, unsigned long before)
{
	if (exceeds(settings, gone, before))
		buffer_add_format(text, "%s%lu of %lu %s", text->length ? ", " : "", gone, before, what);
}

static int refuse(const struct settings *settings, const struct catalog *catalog, const struct difference *d)
{
	struct buffer counts = BUFFER_EMPTY, names = BUFFER_EMPTY;
	int status;

	add_count(settings, &counts, "users", d->users_gone, d->users_before);
	add_count(settings, &counts, "groups", d->groups_gone, d->groups_before);
	add_count(settings, &counts, "memberships", relation_list_count(&d->members_gone), d->members_before);
	add_names(&names, catalog, d);
	status = fail(STATUS_GUARD, "refused, for too much would vanish (a renaming counts): %s%s: "
		"if this is right, let one run pass with --force; --max-removals sets the bound", buffer_string(&counts), buffer_string(&names));
	buffer_free(&counts);
	buffer_free(&names);
	return status;
}

/* The input that has no entities; NULL: each has some. */
static const struct catalog_input *empty_input(const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->input_count; i++)
		if (!catalog->inputs[i].entities)
			return &catalog->inputs[i];
	return NULL;
}

/* An org that shows nobody is a fault of that org, or of what stands before: nothing is removed for it, whatever was forced. */
static int refuse_empty(const struct settings *settings, const struct catalog *catalog, const struct difference *d)
{
	const struct catalog_input *empty = empty_input(catalog);
	const char *path = empty ? settings->inputs[empty - catalog->inputs] : NULL;
	struct buffer names = BUFFER_EMPTY;
	int status = STATUS_OK;

	if (!d->removed_count || (catalog->count && !empty))
		return STATUS_OK;
	add_names(&names, catalog, d);
	if (catalog->count)
		status = fail(STATUS_GUARD, "%s has no entities, and of those that are published some would vanish (users: %lu, groups: %lu)%s: refused, with "
			"--force, too; if that org is gone for good, leave it out of the command, which --force lets pass",
			path && strcmp(path, "-") != 0 ? path : "standard input", d->users_gone, d->groups_gone, buffer_string(&names));
	else
		status = fail(STATUS_GUARD, "the stream has no entities%s, and all that are published (users: %lu, groups: %lu) would vanish: refused, with "
			"--force, too; if this is right, remove %s%s", empty ? "" : " that Backstage would take", d->users_before, d->groups_before,
			settings->base, settings->parts ? " and its parts" : "");
	buffer_free(&names);
	return status;
}

static const char *time_text(time_t time, char text[32])
{
	struct tm tm;

	gmtime_r(&time, &tm);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}

static bool too_many_taken_over(const struct settings *settings,
	const struct difference *d)
{
	size_t allowed = (size_t)settings->max_taken_over;

	return !settings->force && d->taken_over_count > allowed;
}

/*
 * "REF from ID (published TIME) to ID (read TIME)" for a list; alone, as a
 * sentence. Without fetchedAt, the new holder was read in this run.
 */
static void add_taken_over(struct buffer *text, struct catalog *catalog,
	const struct published *published, const struct taken_over *name,
	bool alone)
{
	const struct catalog_row *row = &catalog->rows[name->row];
	const char *read = catalog->inputs[row->input].fetched_at;
	const char *label = alone ? "Okta id " : "";
	struct slice to = catalog_okta_id(catalog, row);
	char before[32], now[32];

	time_text((time_t)published->files[name->file].mark.seconds, before);
	time_text(time(NULL), now);
	buffer_add_format(text, "%s%s from %s%s (published %s) to %s%.*s "
		"(read %s)", row->ref, alone ? " passes" : "", label,
		name->from, before, label, SLICE_ARG(to), read ? read : now);
}

/* One line a name that is allowed to pass. */
static void report_taken_over(struct catalog *catalog,
	const struct published *published, const struct difference *d)
{
	struct buffer text = BUFFER_EMPTY;

	if (!message_enabled(MESSAGE_DEBUG))
		return;
	for (size_t i = 0; i < d->taken_over_count; i++) {
		buffer_clear(&text);
		add_taken_over(&text, catalog, published, &d->taken_over[i],
			true);
		debug("%s", buffer_string(&text));
	}
	buffer_free(&text);
}

static int refuse_taken_over(struct catalog *catalog,
	const struct published *published, const struct difference *d)
{
	size_t count = d->taken_over_count;
	bool one = count == 1;
	struct buffer names = BUFFER_EMPTY;
	int status;

	for (size_t i = 0; i < count && i < TAKEN_OVER_NAMED; i++) {
		buffer_add_string(&names, i ? ", " : "");
		add_taken_over(&names, catalog, published, &d->taken_over[i],
			false);
	}
	if (count > TAKEN_OVER_NAMED)
		buffer_add_format(&names, " and %zu more (in the list "
			"takenOver of --summary-file)",
			count - TAKEN_OVER_NAMED);
	status = fail(STATUS_GUARD, "refused: %zu published name%s would pass "
		"to another Okta id: %s: if %s right, allow %s with "
		"--max-taken-over %zu, or let one run pass with --force; if "
		"not, keep %s (okta-map --names FILE), for sign-in and what "
		"owner: grants pass with a name", count, one ? "" : "s",
		buffer_string(&names), one ? "this is" : "each is",
		one ? "it" : "them", count, one ? "the name with its holder"
		: "the names with their holders");
	buffer_free(&names);
	return status;
}

static int check_removals(const struct settings *settings,
	struct catalog *catalog, struct difference *d)
{
	size_t members_gone = relation_list_count(&d->members_gone);

	if (exceeds(settings, members_gone, d->members_before)
		&& !difference_check_members(d, catalog))
		return spool_status(&catalog->spool);
	members_gone = relation_list_count(&d->members_gone);
	if (exceeds(settings, d->users_gone, d->users_before)
		|| exceeds(settings, d->groups_gone, d->groups_before)
		|| exceeds(settings, members_gone, d->members_before))
		return refuse(settings, catalog, d);
	return STATUS_OK;
}

/* What is missing is named, for its path may be the mistake. */
static int refuse_first(const struct settings *settings)
{
	struct publication_mark mark;

	if (!settings->base)
		return fail(STATUS_GUARD, "--require-base without -o or --base "
			"refuses every run: name the published catalog with "
			"--base FILE");
	mark = publication_mark(settings->base);
	return fail(STATUS_GUARD, "%s %s, and --require-base refuses a first "
		"publication, which gives away names without a check: restore "
		"the catalog that was published there, or, if there was none, "
		"let one run pass with --force", settings->base,
		mark.file ? "is empty" : "does not exist");
}

int guard_check(const struct settings *settings, struct catalog *catalog,
	const struct published *published, struct difference *d)
{
	int status = refuse_empty(settings, catalog, d);

	if (status)
		return status;
	if (!too_many_taken_over(settings, d))
		report_taken_over(catalog, published, d);
	if (settings->force)
		return spool_status(&catalog->spool);
	if (settings->require_base && !published->exists)
		return refuse_first(settings);
	/*
	 * Both are reported, for a person decides about both at once; the
	 * names last, for pipeline.sh keeps the last error in status.json.
	 */
	status = check_removals(settings, catalog, d);
	if (too_many_taken_over(settings, d))
		status = refuse_taken_over(catalog, published, d);
	if (spool_status(&catalog->spool))
		return spool_status(&catalog->spool);
	return status;
}
