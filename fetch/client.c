#include "client.h"

#include <stdlib.h>

#include "exit_status.h"
#include "message.h"
#include "request.h"

enum { RECOVERY_SECONDS = 60 };

void client_end(struct client *client, int status)
{
	if (!client->status)
		client->status = status;
}

void client_send(struct client *client, struct request *request)
{
	struct request **end = &client->queue;

	while (*end && !request->urgent)
		end = &(*end)->next;
	request->client = client;
	request->next = *end;
	*end = request;
}

static bool has_room(const struct client *client)
{
	return client->held + client->unread <= client->held_limit;
}

bool client_may_take(const struct client *client, const struct request *request)
{
	/* The oldest page must come to its end, or all would wait for each other; for a slow reader all can wait. */
	return has_room(client) || (client->under_way == request && client->unread <= client->held_limit);
}

static void resume_paused(struct client *client)
{
	for (struct request *request = client->under_way; request; request = request->next)
		if (request->paused && client_may_take(client, request)) {
			request->paused = false;
			transport_resume(request->exchange);
		}
}

/* After a minute without a refusal one more may be under way again. */
static void recover(struct client *client, double now)
{
	if (client->concurrency >= client->wanted_concurrency || now - client->raised_at < RECOVERY_SECONDS)
		return;
	client->concurrency++;
	client->raised_at = now;
}

/* Does a request that is (not) anonymous wait in the queue? */
static bool has_waiting(const struct client *client, bool anonymous)
{
	for (const struct request *request = client->queue; request;
		request = request->next)
		if (request->anonymous == anonymous)
			return true;
	return false;
}

/* Starts the sign-in if a request needs it; as start_requests. */
static double start_sign_in(struct client *client, double now, bool *limited)
{
	double delay;

	if (client->sign_in.under_way || !has_waiting(client, false))
		return 1;
	delay = governor_delay(&client->governor, BUCKET_TOKEN, &client->clock);
	if (client->sign_in.tries.retry.not_before - now > delay)
		delay = client->sign_in.tries.retry.not_before - now;
	*limited = delay > 0 && client->sign_in.tries.limited;
	if (delay <= 0)
		sign_in_start(client);
	return delay > 0 && delay < 1 ? delay : 1;
}

/*
 * May the request go out now, apart from its own pauses and the rate limits?
 * ready: there is a token; held: an anonymous request waits. That one needs no
 * room and no turn, because what it brings lets the reader have the rest; a
 * repetition of it waits for the sign-in, if other requests need one.
 */
static bool may_start(const struct client *client,
	const struct request *request, bool ready, bool held)
{
	if (request->anonymous)
		return ready || !request->tries.retry.failures
			|| !has_waiting(client, false);
	return ready && !held && has_room(client)
		&& client->under_way_count < client->concurrency;
}

/* Starts requests of the queue; gives the seconds until the next one may start (at most a second). */
static double start_requests(struct client *client)
{
	struct request **link = &client->queue;
	double now = monotonic_now(), wait = 1;
	bool limited = false, ready = token_ready(client->token);
	bool held = has_waiting(client, true);

	if (ready)
		recover(client, now);
	else
		wait = start_sign_in(client, now, &limited);
	while (*link && !client->status) {
		struct request *request = *link;
		double delay;

		if (!may_start(client, request, ready, held)) {
			link = &request->next;
			continue;
		}
		delay = governor_delay(&client->governor, request->bucket,
			&client->clock);
		limited = limited || delay > 0;
		if (request->tries.retry.not_before - now > delay)
			delay = request->tries.retry.not_before - now;
		if (delay > 0) {
			wait = delay < wait ? delay : wait;
			link = &request->next;
			continue;
		}
		*link = request->next;
		request_start(request);
	}
	governor_waiting(&client->governor, limited);
	return wait;
}

void client_step(struct client *client, int fd, bool writing)
{
	double wait;

	resume_paused(client);
	wait = start_requests(client);
	if (!client->status)
		transport_wait(client->transport, fd, writing, wait);
}

static void clear(struct request *request)
{
	while (request) {
		struct request *next = request->next;

		free(request->url);
		request->url = NULL;
		buffer_free(&request->error_body);
		request = next;
	}
}

void client_clear(struct client *client)
{
	clear(client->queue);
	clear(client->under_way);
	client->queue = client->under_way = NULL;
	buffer_wipe(&client->sign_in.body);
}

void client_observe_clock(struct client *client, const struct answer *answer)
{
	if (answer_header(answer, "x-okta-request-id", 0))
		server_clock_observe(&client->clock, answer_header(answer, "date", 0));
}

bool client_mend_clock(struct client *client, struct tries *tries, const struct answer *answer)
{
	/* The greatest difference that was seen may be a lie by now: this machine was suspended, or one answer's Date was off. */
	if (tries->clock_rounds == 0 && answer_header(answer, "date", 0))
		server_clock_set(&client->clock, answer_header(answer, "date", 0));
	else if (tries->clock_rounds <= 1)
		server_clock_distrust(&client->clock);
	else
		return false;
	tries->clock_rounds++;
	return true;
}

static long long number(const char *header)
{
	char *end;
	long long value = header ? strtoll(header, &end, 10) : -1;

	return header && end != header && value >= 0 ? value : -1;
}

struct rate_limit client_rate_limit(const struct answer *answer)
{
	return (struct rate_limit){
		(long)number(answer_header(answer, "x-rate-limit-limit", 0)),
		(long)number(answer_header(answer, "x-rate-limit-remaining", 0)),
		number(answer_header(answer, "x-rate-limit-reset", 0)),
	};
}

int client_connection_failed(const struct answer *answer, const char *what)
{
	switch (answer->failure) {
	case TRANSPORT_UNTRUSTED:
		return fail(STATUS_UNAVAILABLE, "%s: the server's certificate is not trusted (%s): is this Okta's host? "
			"A private CA's certificate is named with --ca-file", what, answer->reason);
	case TRANSPORT_NO_CONNECTION:
		return fail(STATUS_UNAVAILABLE, "%s: no connection (%s): check the org URL, the network and the proxy", what, answer->reason);
	case TRANSPORT_TIMEOUT:
		return fail(STATUS_UNAVAILABLE, "%s: no answer in time (%s): try again later, or with a longer --timeout", what, answer->reason);
	case TRANSPORT_UNUSABLE:
		return fail(STATUS_CONFIG, "%s: %s: check --ca-file, the proxy and the org URL", what, answer->reason);
	default:
		return fail(answer->status ? STATUS_PROTOCOL : STATUS_UNAVAILABLE,
			"%s: the answer broke off (%s): try again later", what, answer->reason);
	}
}

struct okta_failure client_failure(const struct answer *answer, const struct buffer *body)
{
	return (struct okta_failure){
		answer->status, slice_of(body->data, body->length),
		answer_header(answer, "www-authenticate", 0), answer_header(answer, "x-okta-request-id", 0),
		answer_header(answer, "location", 0), answer_header(answer, "content-type", 0),
	};
}
