#include "ledger.h"

#include <string.h>

#include "exit_status.h"
#include "message.h"

enum { LIVE_LEAST = 10 }; /* fewer names may all have left in a while */

static const char remedy[] = "give this org another provider id, or another "
	"--state or ledger; or remove ledger, state and catalog if its names "
	"may be assigned anew";

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* " (https://acme.okta.com)", or nothing. */
static const char *add_url(struct buffer *text, const char *url)
{
	if (!url)
		return "";
	buffer_clear(text);
	buffer_add_format(text, " (%s)", url);
	return buffer_string(text);
}

int ledger_check_org(const struct ledger *ledger,
	const struct settings *settings, const struct directory *directory)
{
	const char *org = directory->okta_org_id;
	struct buffer here = BUFFER_EMPTY, there = BUFFER_EMPTY;
	int status = STATUS_OK;

	if (differ(org, ledger->org_id))
		status = fail(STATUS_CONFIG,
			"%s: this ledger was made for the org %s%s, and the "
			"stream is of the org %s%s: %s",
			ledger->path, ledger->org_id,
			add_url(&there, ledger->okta_url), org,
			add_url(&here, directory->okta_url), remedy);
	else if (differ(org, settings->expect_org))
		status = fail(STATUS_CONFIG,
			"the stream is of the org %s%s, and the org %s was "
			"expected (--expect-org): give this org another "
			"provider id or another --state, or remove the state",
			org, add_url(&here, directory->okta_url),
			settings->expect_org);
	buffer_free(&here);
	buffer_free(&there);
	return status;
}

/* Is any Okta id of a live name in the stream? */
static bool has_any(const struct parties *parties)
{
	const struct name_book *book = &parties->book;

	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties->at[i].from_ledger && parties->at[i].line)
			return true;
	/* --names-follow took these from parties that are in the stream. */
	for (uint32_t i = 0; i < book->held_count; i++)
		if (!book->held[i].left
			&& parties->at[book->held[i].number].line)
			return true;
	return false;
}

int ledger_check_ids(const struct ledger *ledger,
	const struct settings *settings, const struct directory *directory)
{
	const struct directory *d = directory;
	bool known = ledger->org_id && d->okta_org_id;

	if (!ledger->path)
		return STATUS_OK;
	if (!known && ledger->live >= LIVE_LEAST && d->users.records
		&& !has_any(&d->users) && !has_any(&d->groups))
		return fail(STATUS_CONFIG,
			"%s: these names are of another org%s%s: the "
			"stream%s%s has none of the %lu Okta ids: %s",
			ledger->exists ? ledger->path : settings->names_from,
			ledger->okta_url ? ", " : "",
			ledger->okta_url ? ledger->okta_url : "",
			d->okta_url ? " of " : "",
			d->okta_url ? d->okta_url : "",
			(unsigned long)ledger->live, remedy);
	if (differ(ledger->okta_url, d->okta_url))
		note("%s: the org of this ledger has a new address: it was %s "
			"and is %s",
			ledger->path, ledger->okta_url, d->okta_url);
	if (differ(ledger->name_space, settings->name_space))
		note("%s: the names of this ledger move from the namespace %s "
			"to %s",
			ledger->path, ledger->name_space, settings->name_space);
	return STATUS_OK;
}
