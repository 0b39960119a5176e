#include <string.h>

#include "catalog.h"
#include "crypto_memory.h"
#include "deliver.h"
#include "difference.h"
#include "emails.h"
#include "exit_status.h"
#include "guard.h"
#include "intake.h"
#include "keep.h"
#include "message.h"
#include "output.h"
#include "published.h"
#include "same_org.h"
#include "settings.h"
#include "summary.h"

/* A base that was split otherwise: what moves to another file is deleted by Backstage. */
static int check_parts(const struct settings *settings, const struct published *published)
{
	unsigned parts = (unsigned)settings->parts;
	static const char reason[] = "Backstage deletes an entity that moves to another file, and it stays away until that file changes again";

	if (!published->exists || published->parts == parts || published->moving)
		return STATUS_OK;
	if (!published->parts)
		return fail(STATUS_DATA, "%s: is published in one file, this would be %u parts: %s; leave out --split, or move with --force",
			settings->base, parts, reason);
	if (!parts)
		return fail(STATUS_DATA, "%s: is published in %u parts, this would be one file: %s; give --split %u, or move with --force",
			settings->base, published->parts, reason, published->parts);
	return fail(STATUS_DATA, "%s: is published in %u parts, this would be %u: %s; give --split %u, or move with --force",
		settings->base, published->parts, parts, reason, published->parts);
}

/*
 * Neither --force nor another file is the way for another org: with the
 * provider's names, both give everybody another name, or a name of others.
 */
static int other_source(const struct settings *settings, const char *what,
	const char *before, const char *now)
{
	static const char force[] = "--force replaces the published catalog, "
		"and its names may pass to other people: use it only to give "
		"that catalog up";

	if (!now)
		return fail(STATUS_DATA, "%s: is the catalog of %s %s, and no "
			"stream's End says what this is of (id, oktaUrl): if a "
			"filter writes End, let it keep these members; %s",
			settings->base, what, before, force);
	return fail(STATUS_DATA, "%s: is the catalog of %s %s, this is %s: "
		"give what is read now a provider id of its own (okta-fetch "
		"--id), with a catalog file and a ledger of its own; %s",
		settings->base, what, before, now, force);
}

/* A base that names none may come to be of one, not the other way round: what the next stream is of would not be asked any more. */
static bool differ(const char *before, const char *now)
{
	return before && (!now || strcmp(before, now) != 0);
}

/* Another provider or org than before, and none of the streams is of the one before? With a stream more another may name the catalog. */
static bool is_other(const struct catalog *catalog, const char *id, const char *org)
{
	bool other = differ(id, catalog->id) || differ(org, catalog->org);

	for (size_t i = 0; other && i < catalog->input_count; i++)
		other = differ(id, catalog->inputs[i].id) || differ(org, catalog->inputs[i].org);
	return other;
}

/* Refuses a base of another provider or org; the org may have a new address. */
static int check_source(const struct settings *settings,
	struct catalog *catalog, struct published *published)
{
	const struct catalog_input *input;
	bool same = false;
	int status;

	if (!is_other(catalog, published->id, published->org))
		return STATUS_OK;
	input = same_org_input(catalog, published->id);
	if (!input)
		return other_source(settings, "provider", published->id,
			catalog->id);
	status = input->org ? same_org(catalog, published, &same) : STATUS_OK;
	if (status)
		return status;
	if (!same)
		return other_source(settings, "the org", published->org,
			input->org);
	note("%s: is the catalog of the org %s, and Okta ids of that catalog "
		"occur in the stream of %s: this is the same org under a new "
		"address", settings->base, published->org, input->org);
	return STATUS_OK;
}

/* A base of another provider, org, form or layout is not replaced by mistake. */
static int check_base(const struct settings *settings,
	struct catalog *catalog, struct published *published)
{
	bool as_yaml = format_is_yaml((enum format)settings->format);
	int status;

	if (settings->force)
		return STATUS_OK;
	status = check_source(settings, catalog, published);
	if (status)
		return status;
	if (differ(published->location_key, catalog->location_key))
		return fail(STATUS_DATA, "%s: is the catalog of location key %s, this is %s: keep it with --location-key %s, give the catalog another file, "
			"or replace it with --force", settings->base, published->location_key, catalog->location_key, published->location_key);
	if (!settings->base_is_output)
		return STATUS_OK;
	if (published->exists && as_yaml != format_is_yaml(published->format))
		return fail(STATUS_DATA, "%s: is written in another format than asked for: give the catalog another file, or replace it with --force",
			settings->base);
	return check_parts(settings, published);
}

/* Nothing is replaced that this program did not write. */
static int check_ours(const struct settings *settings, const struct published *published)
{
	if (settings->force)
		return STATUS_OK;
	if (settings->parts && published_folder_is_taken(settings->output))
		return fail(STATUS_DATA, "%s: its parts would replace those of the same name with the other ending (.yaml, .yml): give it another name",
			settings->output);
	if (published->foreign)
		return published_foreign(published);
	if (!settings->output || settings->base_is_output || settings->check)
		return STATUS_OK;
	return published_check_output(settings->output, (enum format)settings->format, (unsigned)settings->parts);
}

static int judge(const struct settings *settings, struct catalog *catalog, struct published *published, struct difference *difference)
{
	int status = check_base(settings, catalog, published);

	if (!status)
		status = keep_invalid(catalog, settings, published);
	if (!status && (!emails_report(catalog, settings)
		|| !sign_in_check(catalog, settings)))
		status = spool_status(&catalog->spool);
	if (!status)
		status = difference_find(difference, catalog, published, settings);
	return status ? status : guard_check(settings, catalog, published, difference);
}

static int emit(const struct settings *settings, struct catalog *catalog, struct published *published)
{
	struct difference difference = {0};
	struct delivery delivery = {0, 0};
	struct publication summary = {0};
	bool summarized;
	int status = published_open(published, settings->base, settings->base_is_output ? (unsigned)settings->parts : 0, settings->force), written;

	if (!status)
		status = check_ours(settings, published);
	if (!status && settings->format == FORMAT_DELTA && !published->exists)
		status = fail(STATUS_DATA, "%s: is not there: a delta needs what was published before; publish that with --format mutation",
			settings->base);
	if (!status)
		status = catalog_read(catalog, settings);
	if (status)
		return status;
	status = judge(settings, catalog, published, &difference);
	summarized = !status || status == STATUS_GUARD || settings->check;
	/* What cannot be created ends the run before anything is published. */
	written = summarized ? summary_begin(settings, &summary) : STATUS_OK;
	status = status ? status : written;
	if (!status && !settings->check)
		status = deliver(settings, catalog, published, &difference, &delivery);
	if (!status && (settings->base || settings->check))
		summary_print(settings, catalog, published, &difference, &delivery);
	if (!status && settings->check && catalog->invalid)
		status = STATUS_DATA;
	if (summarized && !written && (!status || status == STATUS_GUARD || settings->check)) {
		written = summary_write(settings, catalog, published, &difference, status, &summary);
		if (written && delivery.written)
			fail(written, "%s: is published all the same", settings->output);
		status = status ? status : written;
	}
	publication_end(&summary);
	difference_free(&difference);
	return status;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct published published;
	struct catalog catalog;
	int status;

	message_program("catalog-emit");
	output_claim_descriptors();
	output_default_sigpipe();
	crypto_memory_checked();
	memset(&published, 0, sizeof published);
	memset(&catalog, 0, sizeof catalog);
	catalog.spool.fd = -1;
	status = emit_settings_read(&settings, argc, argv);
	if (status == OPTIONS_GO_ON) {
		status = emit(&settings, &catalog, &published);
		catalog_free(&catalog);
		published_free(&published);
	}
	return status;
}
