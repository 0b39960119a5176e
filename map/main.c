#include <string.h>
#include <unistd.h>

#include "directory.h"
#include "entities.h"
#include "exit_status.h"
#include "intake.h"
#include "message.h"
#include "name_claims.h"
#include "output.h"
#include "settings.h"

/* What was left out, and what a filter took away, in lines for the reader. */
static void report(const struct directory *d, const struct left_out *left_out)
{
	if (d->end_users >= 0 && (unsigned long long)d->end_users != d->users.count + d->excluded)
		note("%lu users, where okta-fetch wrote %lld: a filter changed the stream", (unsigned long)d->users.count + d->excluded, d->end_users);
	if (d->end_groups >= 0 && (unsigned long long)d->end_groups != d->groups.count)
		note("%lu groups, where okta-fetch wrote %lld: a filter changed the stream", (unsigned long)d->groups.count, d->end_groups);
	if (d->end_memberships >= 0 && (unsigned long long)d->end_memberships != d->memberships)
		note("%zu memberships, where okta-fetch wrote %lld: a filter changed the stream", d->memberships, d->end_memberships);
	if (d->excluded)
		note("%zu users left out by --exclude-status", d->excluded);
	if (left_out->users)
		note("%zu memberships of users who are not in the stream (deactivated or filtered) left out", left_out->users);
	if (left_out->groups)
		note("%zu memberships of groups that are not in the stream left out", left_out->groups);
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct directory directory;
	struct left_out left_out = {0, 0};
	struct output *output = NULL;
	int status;

	message_program("okta-map");
	output_claim_descriptors();
	output_default_sigpipe();
	memset(&directory, 0, sizeof directory);
	status = settings_read(&settings, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	status = intake_read(&directory, &settings);
	if (status)
		goto out;
	name_claims_settle(&directory, &directory.groups, "group");
	name_claims_settle(&directory, &directory.users, "user");
	email_claims_settle(&directory);
	output = output_open(STDOUT_FILENO, "standard output");
	entities_write(&directory, &settings, output, &left_out);
	status = output_close(output);
	if (!status)
		report(&directory, &left_out);
out:
	directory_free(&directory);
	return status;
}
