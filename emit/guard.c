#include "guard.h"

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

static void add_names(struct buffer *names, const struct difference *d)
{
	size_t total = d->removed_count + d->renamed_count, named = total < NAMED ? total : NAMED;

	for (size_t i = 0; i < named; i++) {
		struct slice ref = i < d->removed_count ? d->removed[i] : d->renamed[i - d->removed_count].from;

		buffer_add_string(names, i ? ", " : "");
		buffer_add(names, ref.data, ref.length);
	}
	if (total > named)
		buffer_add_format(names, " and %zu more", total - named);
}

int guard_check(const struct settings *settings, const struct catalog *catalog, const struct published *published,
	const struct difference *d)
{
	struct buffer names = BUFFER_EMPTY;
	int status = STATUS_OK;

	if (settings->force)
		return STATUS_OK;
	if (settings->require_base && !published->exists)
		return fail(STATUS_GUARD, "%s is not there, so this would be a first publication, which --require-base refuses", settings->base ? settings->base : "a base");
	if (!catalog->count && published->count)
		return fail(STATUS_GUARD, "nothing is left to publish, and %zu entities would vanish: refused; --force lets it pass once", published->count);
	if (!exceeds(settings, d->users_gone, d->users_before) && !exceeds(settings, d->groups_gone, d->groups_before)
		&& !exceeds(settings, d->members_gone, d->members_before))
		return STATUS_OK;
	add_names(&names, d);
	status = fail(STATUS_GUARD, "refused: of %lu users %lu would vanish, of %lu groups %lu, of %lu memberships %lu (a renaming counts)%s%s: "
		"--force lets it pass once, --max-removals sets the bound", d->users_before, d->users_gone, d->groups_before, d->groups_gone,
		d->members_before, d->members_gone, names.length ? ": " : "", names.length ? buffer_string(&names) : "");
	buffer_free(&names);
	return status;
}
