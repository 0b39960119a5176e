#include "guard.h"

#include <string.h>

#include "buffer.h"
#include "exit_status.h"
#include "message.h"

/* A share of few is soon exceeded: without --max-removals, this many may go in any case. */
enum { FREE_REMOVALS = 10, NAMED = 5 };

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

int guard_check(const struct settings *settings, struct catalog *catalog, const struct published *published, struct difference *d)
{
	int status = refuse_empty(settings, catalog, d);

	if (status || settings->force)
		return status;
	if (settings->require_base && !published->exists)
		return fail(STATUS_GUARD, "%s is not there, so this would be a first publication, which --require-base refuses: "
			"is the path right? --force lets one run pass", settings->base ? settings->base : "what was published before (--base, -o)");
	if (exceeds(settings, relation_list_count(&d->members_gone), d->members_before) && !difference_check_members(d, catalog))
		return spool_status(&catalog->spool);
	if (exceeds(settings, d->users_gone, d->users_before) || exceeds(settings, d->groups_gone, d->groups_before)
		|| exceeds(settings, relation_list_count(&d->members_gone), d->members_before))
		return refuse(settings, catalog, d);
	return STATUS_OK;
}
