#include "check_session.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "org.h"
#include "search.h"

enum { ANSWER_LIMIT = 32 * 1024 * 1024 };

int check_session_begin(struct check *check, const struct settings *settings)
{
	struct transport_settings transport = {settings->ca_file, settings->timeout, (unsigned)settings->concurrency};

	memset(check, 0, sizeof *check);
	check->settings = settings;
	check->everybody = -1;
	srand((unsigned)time(NULL) ^ (unsigned)getpid());
	check->client.origin = settings->origin;
	check->client.concurrency = check->client.wanted_concurrency = 1;
	check->client.held_limit = ANSWER_LIMIT;
	governor_init(&check->client.governor, settings->rate_share);
	check->named_found = memory_alloc((settings->groups.count + 1) * sizeof *check->named_found);
	check->known = known_groups_match(&settings->known, &settings->groups,
		check->named_found, &check->known_count);
	check->client.token = token_new(settings->origin ? settings->origin : "", settings->client_id, settings->key,
		slice_of(settings->ssws.data, settings->ssws.length), (enum dpop_mode)settings->dpop, &check->client.clock);
	check->client.transport = check->client.token ? transport_open(&transport) : NULL;
	if (!check->client.transport)
		return STATUS_INTERNAL;
	token_accept_any(check->client.token);
	return STATUS_OK;
}

void check_session_end(struct check *check)
{
	transport_close(check->client.transport);
	client_clear(&check->client);
	token_free(check->client.token);
	buffer_free(&check->trouble);
	known_matches_free(check->known, check->known_count);
	for (size_t i = 0; i < check->name_count; i++)
		free(check->names[i]);
	free(check->names);
	free(check->named_found);
	free(check->example);
}

static int take(void *owner, const char *bytes, size_t length)
{
	struct reply *reply = owner;

	return reply->body.length + length < ANSWER_LIMIT && buffer_add(&reply->body, bytes, length) ? TRANSPORT_TAKE : TRANSPORT_STOP;
}

static const char *judge(void *owner)
{
	struct reply *reply = owner;
	cJSON *tree = cJSON_ParseWithLength(reply->body.data ? reply->body.data : "", reply->body.length);
	const char *wrong = cJSON_IsArray(tree) ? NULL : "the answer is no list";

	cJSON_Delete(tree);
	return wrong;
}

static void restart(void *owner)
{
	buffer_clear(&((struct reply *)owner)->body);
}

static void done(void *owner, struct outcome outcome)
{
	struct reply *reply = owner;

	reply->done = true;
	reply->status = outcome.status;
	reply->next = outcome.next;
}

int check_ask(struct check *check, char *url, const char *what, enum bucket bucket, struct reply *reply)
{
	struct request request = {.url = url, .what = what, .bucket = bucket, .owner = reply, .body = take, .judge = judge,
		.restart = restart, .done = done, .header = bucket == BUCKET_USERS ? ORG_USER_LIST_HEADER : NULL};
	struct client *client = &check->client;
	double begun = monotonic_now();
	int status;

	memset(reply, 0, sizeof *reply);
	buffer_clear(&check->trouble);
	message_divert(&check->trouble);
	client_send(client, &request);
	while (!reply->done && !client->status)
		client_step(client, -1, false);
	message_divert(NULL);
	status = client->status;
	client_clear(client);
	client->status = 0;
	check->seconds += monotonic_now() - begun;
	check->requests++;
	return status;
}

void reply_free(struct reply *reply)
{
	buffer_free(&reply->body);
	free(reply->next);
}

size_t reply_count(const struct reply *reply)
{
	cJSON *tree = cJSON_ParseWithLength(reply->body.data ? reply->body.data : "", reply->body.length);
	int count = cJSON_GetArraySize(tree);

	cJSON_Delete(tree);
	return (size_t)count;
}

char *check_url_of(const struct check *check, const char *path, const char *expression)
{
	return search_url(check->settings->origin, path, expression);
}
