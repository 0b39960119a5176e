#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto_memory.h"
#include "directory.h"
#include "email_claims.h"
#include "entities.h"
#include "exit_status.h"
#include "hierarchy.h"
#include "intake.h"
#include "ledger.h"
#include "ledger_give.h"
#include "memory.h"
#include "message.h"
#include "name_claims.h"
#include "output.h"
#include "report.h"
#include "reserved_names.h"
#include "settings.h"

/* No more ids will be looked up. */
static void close_ids(struct directory *d)
{
	id_table_close(&d->users.ids);
	id_table_close(&d->groups.ids);
}

/* Parents, managers, and which groups are left, once all records are there. Gives how many groups were pruned. */
static uint32_t shape(struct directory *d, const struct settings *settings, struct intake *in)
{
	if (settings->hierarchy) {
		links_resolve(&in->parents, &d->groups, "parent", true);
		hierarchy_cut_loops(&d->groups);
	}
	if (settings->managers)
		links_resolve(&in->managers, &d->users, "manager", false);
	if (!settings->names_reserved.count)
		close_ids(d);
	memberships_settle(&d->memberships, &d->users, &d->groups);
	return settings->drop_empty_groups ? hierarchy_prune(&d->groups) : 0;
}

static int settle_names(struct directory *d, const struct settings *settings,
	struct ledger *ledger, uint32_t now)
{
	bool must_not = settings->collisions == COLLISIONS_FAIL;
	struct reserved_names reserved = {.directory = d};
	int status, users;

	ledger_check_time(ledger, now);
	ledger_settle(ledger, &d->groups, now);
	ledger_settle(ledger, &d->users, now);
	status = reserved_names_lock(settings);
	if (!status)
		status = reserved_names_read(&reserved, settings, d);
	close_ids(d);
	if (!status) {
		reserved_names_settle(
			&reserved, now, ledger_leaving_time(ledger, now));
		status = name_claims_settle(d, &d->groups, must_not);
		users = name_claims_settle(d, &d->users, must_not);
		status = status ? status : users;
	}
	name_book_close(&d->groups.book);
	name_book_close(&d->users.book);
	reserved_names_free(&reserved);
	return status;
}

/*
 * The ledger is in place before End is written: what is published then has its names in it. A name that was given and not published
 * harms nobody.
 */
static int write_all(struct directory *d, const struct settings *settings, struct ledger *ledger, uint32_t now)
{
	struct output *output = output_open(STDOUT_FILENO, "standard output");
	int status = entities_write(d, settings, output), closed;

	if (!status && !output_flush(output))
		status = STATUS_IO;
	/* What is written needs no memory when the ledger does. */
	spool_close(&d->spool);
	memberships_free(&d->memberships);
	if (!status)
		status = ledger_prepare(ledger, settings, d, now);
	if (!status)
		status = ledger_commit(ledger);
	if (!status)
		entities_write_end(d, output);
	closed = output_close(output);
	return status ? status : closed;
}

static int run(struct directory *d, const struct settings *settings, struct ledger *ledger, struct intake *in)
{
	uint32_t now, pruned;
	int status = ledger_read(ledger, settings, d);

	if (!status && settings->gives.count)
		return ledger_give(ledger, settings, d);
	if (!status)
		status = intake_read(in);
	if (!status)
		status = ledger_check_ids(ledger, settings, d);
	if (status)
		return status;
	now = d->fetched ? d->fetched : (uint32_t)time(NULL);
	pruned = shape(d, settings, in);
	status = settle_names(d, settings, ledger, now);
	if (!status && !email_claims_settle(d,
			settings->shared_email == SHARED_EMAIL_LOGIN))
		status = spool_status(&d->spool);
	if (!status)
		status = write_all(d, settings, ledger, now);
	if (!status) {
		ledger_report_holds(ledger);
		report(d, in, pruned);
	}
	return status;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct directory directory;
	struct ledger ledger = {0};
	struct intake in = {.directory = &directory, .settings = &settings, .ledger = &ledger};
	int status;

	message_program("okta-map");
	output_claim_descriptors();
	output_default_sigpipe();
	memory_large_blocks_apart();
	crypto_memory_checked();
	status = settings_read(&settings, argc, argv);
	if (status == OPTIONS_GO_ON) {
		directory_open(&directory);
		status = run(&directory, &settings, &ledger, &in);
		directory_free(&directory);
	}
	ledger_free(&ledger);
	intake_free(&in);
	settings_free(&settings);
	return status;
}
