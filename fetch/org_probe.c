#include "org_probe.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"

#define PATH "/.well-known/okta-organization"

static const char what[] = "the org's description (" PATH ")";

enum { DESCRIPTION_LIMIT = 65536 };

/* More than a description has is left out: what remains is not one. */
static int take(void *owner, const char *bytes, size_t length)
{
	struct org_probe *probe = owner;

	if (probe->body.length + length <= DESCRIPTION_LIMIT)
		buffer_add(&probe->body, bytes, length);
	return TRANSPORT_TAKE;
}

/* done judges: a proxy's page needs another message than a list's. */
static const char *judge(void *owner)
{
	(void)owner;
	return NULL;
}

static void restart(void *owner)
{
	buffer_clear(&((struct org_probe *)owner)->body);
}

/* Okta's ids of orgs are 00o, letters and digits. */
static bool is_org_id(const char *text)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t length = text ? strlen(text) : 0;

	return length > 3 && length <= ORG_ID_LIMIT
		&& strncmp(text, "00o", 3) == 0
		&& strspn(text, letters) == length;
}

/* {"id":"00o...","pipeline":"idx",...} (okta-api.md, section 3) */
static void read_id(struct org_probe *probe)
{
	cJSON *tree = cJSON_ParseWithLength(
		probe->body.data ? probe->body.data : "", probe->body.length);
	const char *id = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(tree, "id"));

	if (is_org_id(id))
		snprintf(probe->id, sizeof probe->id, "%s", id);
	cJSON_Delete(tree);
}

static void send(struct org_probe *probe, struct client *client)
{
	struct buffer url = BUFFER_EMPTY;

	restart(probe);
	buffer_add_format(&url, "%s" PATH, client->origin);
	probe->request.url = memory_copy_string(buffer_string(&url));
	buffer_free(&url);
	client_send(client, &probe->request);
	probe->request.tries.retry = probe->retry;
}

/* What a run makes of an answer that does not describe an org. */
static void ask_again(struct org_probe *probe, struct client *client)
{
	char why[80];

	snprintf(why, sizeof why, "HTTP %ld, not an org's description",
		probe->http);
	if (probe->location)
		client_end(client, fail(STATUS_CONFIG, "%s: redirected to %s, "
			"which is not followed: set the org URL to where Okta "
			"answers itself", what, probe->location));
	else if (retry_later(&probe->retry, what, why))
		send(probe, client);
	else
		client_end(client, fail(STATUS_PROTOCOL, "%s: %s, %d times: "
			"nothing is read from an org that cannot be "
			"identified; check the org URL, and whether a proxy "
			"answers in Okta's place", what, why,
			RETRY_TRIES));
}

static void done(void *owner, struct outcome outcome)
{
	struct org_probe *probe = owner;

	free(probe->location);
	probe->location = outcome.next;
	probe->http = outcome.status;
	if (outcome.status == 200)
		read_id(probe);
	if (probe->id[0] || !probe->patient)
		probe->done = true;
	else
		ask_again(probe, probe->request.client);
}

void org_probe_start(struct org_probe *probe, struct client *client,
	bool patient)
{
	probe->patient = patient;
	probe->request = (struct request){.what = what,
		.bucket = BUCKET_ORG, .urgent = true, .anonymous = true,
		.owner = probe, .body = take, .judge = judge,
		.restart = restart, .done = done};
	send(probe, client);
}

bool org_probe_is_expected(const struct org_probe *probe, const char *id)
{
	return !id || strcmp(probe->id, id) == 0;
}

void org_probe_free(struct org_probe *probe)
{
	buffer_free(&probe->body);
	free(probe->location);
}
