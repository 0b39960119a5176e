#include "org_probe.h"

#include <cjson/cJSON.h>
#include <string.h>

enum { DESCRIPTION_LIMIT = 65536 };

struct probe {
	bool done;
	struct org_probe found;
	struct buffer body;
	struct client *client;
};

static int take(void *owner, long status, const char *bytes, size_t length)
{
	struct probe *probe = owner;

	(void)status;
	return probe->body.length + length < DESCRIPTION_LIMIT && buffer_add(&probe->body, bytes, length) ? TRANSPORT_TAKE : TRANSPORT_STOP;
}

static void end(void *owner, const struct answer *answer)
{
	struct probe *probe = owner;

	probe->done = true;
	probe->found.http = answer->status;
	if (answer->status)
		server_clock_observe(&probe->client->clock, answer_header(answer, "date", 0));
	if (answer->failure != TRANSPORT_ANSWERED && answer->failure != TRANSPORT_REFUSED)
		probe->found.status = client_connection_failed(answer, "the org");
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
	if (transport_start(client->transport, &request))
		while (!probe.done)
			transport_wait(client->transport, -1, false, 1);
	probe.found.is_org = probe.found.http == 200 && describes_org(&probe.body);
	buffer_free(&probe.body);
	buffer_free(&url);
	return probe.found;
}
