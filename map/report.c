#include "report.h"

#include "message.h"

/* The stream has count of something where its End says there were more or less. */
static void compare(const char *what, size_t count, long long end)
{
	if (end >= 0 && (unsigned long long)end != count)
		note("%zu %s, where okta-fetch wrote %lld: a filter changed the stream", count, what, end);
}

static void tell(size_t count, const char *what)
{
	if (count)
		note("%zu %s", count, what);
}

void report(const struct directory *d, const struct intake *in, uint32_t pruned)
{
	const struct memberships *memberships = &d->memberships;

	compare("users", d->users.records + in->deactivated_users, d->end_users);
	compare("groups", d->groups.records, d->end_groups);
	compare("memberships", memberships->count, d->end_memberships);
	tell(in->deactivated_users, "users left out who are deactivated in Okta (DEPROVISIONED)");
	tell(in->excluded_users, "users left out by --exclude-status");
	tell(in->excluded_groups, "groups left out by --group-prefix or --exclude-type");
	tell(pruned, "groups left out because nobody is in them or below them (--drop-empty-groups)");
	tell(memberships->of_strangers, "memberships of users who are not in the stream (deactivated or filtered) left out");
	tell(memberships->in_strangers, "memberships of groups that are not in the stream (or filtered) left out");
	tell(in->managers.missing, "users whose manager is not in the stream get none");
	tell(in->managers.selves, "users who are their own manager get none");
}
