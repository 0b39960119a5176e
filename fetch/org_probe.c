#include "org_probe.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "memory.h"

enum { DESCRIPTION_LIMIT = 65536 };

struct probe {
	bool done, again;
	struct org_probe found;
	struct retry retry;
	struct buffer body;
	struct client *client;
};

static const char what[] = "the org";

static int take(void *owner, long status, const char *bytes, size_t length)
{
	struct probe *probe = owner;

	(void)status;
	return probe->body.length + length < DESCRIPTION_LIMIT && buffer_add(&probe->body, bytes, length) ? TRANSPORT_TAKE : TRANSPORT_STOP;
}

/* A broken connection and a server's trouble are worth another try, as in a run. */
static bool is_passing(const struct answer *answer)
{
	if (answer->failure == TRANSPORT_ANSWERED)
		return answer->status >= 500;
	return answer->failure == TRANSPORT_NO_CONNECTION || answer->failure == TRANSPORT_BROKEN || answer->failure == TRANSPORT_TIMEOUT;
}

static void end(void *owner, const struct answer *answer)
{
	struct probe *probe = owner;
	const char *location = answer->status ? answer_header(answer, "location", 0) : NULL;

	probe->done = true;
	probe->found.http = answer->status;
	if (answer->status)
		client_observe_clock(probe->client, answer);
	if (location && !probe->found.location)
		probe->found.location = memory_copy_string(location);
	probe->again = is_passing(answer) && retry_later(&probe->retry, what, answer->reason);
	if (!probe->again && answer->failure != TRANSPORT_ANSWERED && answer->failure != TRANSPORT_REFUSED)
		probe->found.status = client_connection_failed(answer, what);
}

/* {"id":"00o...","pipeline":"idx",...} (okta-api.md, section 3) */
static bool describes_org(const struct buffer *body)
{
	cJSON *tree = cJSON_ParseWithLength(body->data ? body->data : "", body->length);
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, "id"));
	bool is = id && strncmp(id, "00o", 3) == 0;

	cJSON_Delete(tree);
	return is;
}

struct org_probe org_probe(struct client *client)
{
	const char *headers[] = {"Accept: application/json", NULL};
	struct probe probe = {.client = client};
	struct buffer url = BUFFER_EMPTY;
	struct exchange_request request = {NULL, NULL, headers, &probe, take, end};

	buffer_add_format(&url, "%s/.well-known/okta-organization", client->origin);
	request.url = buffer_string(&url);
	do {
		probe.done = false;
		buffer_clear(&probe.body);
		while (monotonic_now() < probe.retry.not_before)
			transport_wait(client->transport, -1, false, probe.retry.not_before - monotonic_now());
		if (!transport_start(client->transport, &request))
			break;
		while (!probe.done)
			transport_wait(client->transport, -1, false, 1);
	} while (probe.again);
	probe.found.is_org = probe.found.http == 200 && describes_org(&probe.body);
	buffer_free(&probe.body);
	buffer_free(&url);
	return probe.found;
}
