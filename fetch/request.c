#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "link.h"
#include "memory.h"
#include "message.h"

enum { ERROR_BODY_LIMIT = 64 * 1024, NONCE_ROUNDS = 2, LIMITED_ROUNDS = 5 };

static int on_body(void *owner, long status, const char *bytes, size_t length)
{
	struct request *request = owner;
	int verdict = TRANSPORT_TAKE;

	if (status == 200)
		verdict = request->body(request->owner, bytes, length);
	else if (length <= ERROR_BODY_LIMIT - request->error_body.length)
		buffer_add(&request->error_body, bytes, length); /* the rest of a long one says nothing more */
	request->paused = verdict == TRANSPORT_LATER;
	return verdict;
}

static void forget(struct request *request)
{
	struct request **link = &request->client->under_way;

	while (*link != request)
		link = &(*link)->next;
	*link = request->next;
	request->next = NULL;
	request->exchange = NULL;
	request->client->under_way_count--;
	governor_finished(&request->client->governor, request->bucket);
}

/* In front of the queue: what was begun is finished first, and what ends the run is freed with the queue. */
static void keep(struct request *request)
{
	request->next = request->client->queue;
	request->client->queue = request;
}

static void again(struct request *request)
{
	request->restart(request->owner);
	keep(request);
}

/* The run ends; the request's memory goes with the queue's. */
static void end(struct request *request, int status)
{
	keep(request);
	client_end(request->client, status);
}

/* Okta's way to say that a page takes too long is a 500, or no answer in time: from the second one on, smaller pages. */
static bool try_again(struct request *request, const char *why, bool took_long)
{
	if (!retry_later(&request->tries.retry, request->what, why))
		return false;
	if (took_long && request->tries.retry.failures >= 2 && request->shrink)
		request->shrink(request->owner);
	return true;
}

static void again_later(struct request *request, const char *why, int status)
{
	if (try_again(request, why, false))
		again(request);
	else
		end(request, fail(status, "%s: %s, again and again: try later, or look at the network and the proxy", request->what, why));
}

/* Do two URLs of one origin have the same path? */
static bool same_path(const char *a, const char *b)
{
	a = strchr(strstr(a, "://") + 3, '/');
	b = strchr(strstr(b, "://") + 3, '/');
	return a && b && strcspn(a, "?") == strcspn(b, "?") && strncmp(a, b, strcspn(a, "?")) == 0;
}

/* The next page's URL; a link that leads elsewhere, or cannot be, ends the run. */
static bool take_next(struct request *request, const struct answer *answer, char **next)
{
	const char *header;
	struct slice target;

	*next = NULL;
	for (size_t i = 0; !*next && (header = answer_header(answer, "link", i)); i++)
		if (link_find(header, "next", &target))
			*next = memory_copy_bytes(target.data, target.length);
	if (!*next)
		return true;
	if (!transport_same_origin(slice_of_string(*next), request->client->origin))
		client_end(request->client, fail(STATUS_PROTOCOL, "%s: the next page's link leads away from the org (%s): "
			"it is not followed, the token goes to %s alone", request->what, *next, request->client->origin));
	else if (!same_path(*next, request->url))
		client_end(request->client, fail(STATUS_PROTOCOL, "%s: the next page's link leads to another list (%s): try again later",
			request->what, *next));
	else
		return true;
	free(*next);
	*next = NULL;
	return false;
}

static void finish(struct request *request, struct outcome outcome)
{
	free(request->url);
	request->url = NULL;
	buffer_free(&request->error_body);
	memset(&request->tries, 0, sizeof request->tries);
	request->done(request->owner, outcome);
}

static void on_success(struct request *request, const struct answer *answer)
{
	const char *wrong = request->judge(request->owner);
	struct outcome outcome = {200, NULL};

	if (wrong) {
		if (request->tries.retry.failures + 2 >= RETRY_TRIES)
			end(request, fail(STATUS_PROTOCOL, "%s: %s, several times: no answer of Okta's; "
				"is a proxy between?", request->what, wrong));
		else
			again_later(request, wrong, STATUS_PROTOCOL);
		return;
	}
	if (request->anonymous || take_next(request, answer, &outcome.next))
		finish(request, outcome);
	else
		keep(request);
}

/* Okta itself says that it is gone, or not to be seen: a gateway's 404 page says nothing of the kind. */
static bool is_missing(const struct answer *answer, const struct okta_failure *failure)
{
	return (answer->status == 404 && okta_error_is(failure->body, "E0000007"))
		|| (answer->status == 403 && !failure->www_authenticate && okta_error_has_code(failure->body));
}

static void on_refusal(struct request *request, const struct answer *answer)
{
	struct okta_failure failure = client_failure(answer, &request->error_body);
	bool is_redirect = answer->status / 100 == 3 && failure.location;
	char why[64];

	if (request->anonymous) {
		finish(request, (struct outcome){answer->status,
			is_redirect ? memory_copy_string(failure.location)
			: NULL});
	} else if (!request->tolerates_missing || failure.www_authenticate || (answer->status != 403 && answer->status != 404)) {
		end(request, okta_api_refused(&failure, request->what));
	} else if (is_missing(answer, &failure)) {
		finish(request, (struct outcome){answer->status, NULL});
	} else {
		snprintf(why, sizeof why, "HTTP %ld that is no answer of Okta's", answer->status);
		again_later(request, why, STATUS_PROTOCOL);
	}
}

/*
 * libcurl repeats a request by itself when a connection that it had kept turns out closed. Okta may have seen the proof
 * already, and no proof of ours is sent twice otherwise: it was a broken connection.
 */
static bool is_repetition(const struct answer *answer)
{
	const char *challenge = answer_header(answer, "www-authenticate", 0);

	return challenge && slice_equals(okta_challenge_parameter(challenge, "error"), "invalid_dpop_proof")
		&& strstr(challenge, "already been used");
}

/* Okta publishes no life of cursors: one that is refused is a list to begin anew (E0000029, E0000031 "Invalid cursor."). */
static bool lost_cursor(const struct request *request, const struct answer *answer, const struct okta_failure *failure)
{
	return answer->status == 400 && request->start_over && strstr(request->url, "after=")
		&& (okta_error_is(failure->body, "E0000029") || okta_error_is(failure->body, "E0000031"));
}

static void begin_anew(struct request *request)
{
	if (request->start_over(request->owner)) {
		warn("%s: Okta does not know the next page's cursor any more: the list is read from its start again", request->what);
		again(request);
	} else {
		end(request, fail(STATUS_PROTOCOL, "%s: Okta does not know the next page's cursor any more, again and again: try later", request->what));
	}
}

/* 400 and 401 that a nonce, a mended clock or a new token mends (RFC 9449 section 9; RFC 6750 section 3). */
static bool mend_credentials(struct request *request, const struct answer *answer)
{
	const char *challenge = answer_header(answer, "www-authenticate", 0);
	struct slice error = okta_challenge_parameter(challenge, "error");

	if (slice_equals(error, "use_dpop_nonce"))
		return answer_header(answer, "dpop-nonce", 0) && request->tries.nonce_rounds++ < NONCE_ROUNDS;
	if (slice_equals(error, "invalid_dpop_proof") && strstr(challenge, "issued"))
		return client_mend_clock(request->client, &request->tries, answer);
	if (answer->status != 401 || request->tries.renewed)
		return false;
	request->tries.renewed = true;
	return token_refused(request->client->token, request->generation);
}

/*
 * Too many at the same time: half as many from now on. Those that were out together count as one refusal; one that was out
 * alone was refused for what others do, and tells nothing of how many we may have.
 */
static void slow_down(struct request *request)
{
	struct client *client = request->client;
	unsigned together = client->under_way_count + 1;

	if (request->started < client->halved_at || together == 1)
		return;
	client->concurrency = together / 2;
	client->halved_at = client->raised_at = monotonic_now();
	note("%u requests at the same time from now on", client->concurrency);
}

static void on_limit(struct request *request, const struct answer *answer, const struct okta_failure *failure)
{
	struct client *client = request->client;

	if (governor_refused(&client->governor, request->bucket, client_rate_limit(answer), &client->clock,
		++request->tries.limited) == REFUSED_CONCURRENCY)
		slow_down(request);
	snprintf(request->tries.refused_id, sizeof request->tries.refused_id, "%s", failure->request_id ? failure->request_id : "");
	if (request->tries.limited <= LIMITED_ROUNDS)
		again(request);
	else
		end(request, okta_api_refused(failure, request->what));
}

static void on_status(struct request *request, const struct answer *answer)
{
	struct okta_failure failure = client_failure(answer, &request->error_body);
	char why[32];

	switch (answer->status) {
	case 200:
		on_success(request, answer);
		return;
	case 429:
		on_limit(request, answer, &failure);
		return;
	case 400: case 401:
		if (request->anonymous) {
			on_refusal(request, answer);
			return;
		}
		if (is_repetition(answer)) {
			again_later(request, "the connection broke off", STATUS_UNAVAILABLE);
			return;
		}
		if (lost_cursor(request, answer, &failure)) {
			begin_anew(request);
			return;
		}
		if (mend_credentials(request, answer) || (okta_error_is(failure.body, "E0000001") && request->shrink
			&& request->shrink(request->owner)))
			again(request);
		else
			on_refusal(request, answer);
		return;
	case 408: case 500: case 502: case 503: case 504:
		snprintf(why, sizeof why, "HTTP %ld", answer->status);
		if (try_again(request, why, answer->status == 500 || answer->status == 504))
			again(request);
		else
			end(request, okta_api_refused(&failure, request->what));
		return;
	default:
		on_refusal(request, answer);
	}
}

static void on_done(void *owner, const struct answer *answer)
{
	struct request *request = owner;
	struct client *client = request->client;

	forget(request);
	if (client->status) {
		keep(request); /* the run has ended, and a message says why */
		return;
	}
	if (answer->status) {
		client_observe_clock(client, answer);
		if (!request->anonymous)
			token_keep_nonce(client->token, true,
				answer_header(answer, "dpop-nonce", 0));
		if (answer->status != 429)
			governor_observe(&client->governor, request->bucket, client_rate_limit(answer), &client->clock);
	}
	switch (answer->failure) {
	case TRANSPORT_ANSWERED:
		on_status(request, answer);
		return;
	case TRANSPORT_REFUSED:
		on_success(request, answer); /* the owner found the body wrong; its judge says how */
		return;
	case TRANSPORT_NO_CONNECTION: case TRANSPORT_BROKEN: case TRANSPORT_TIMEOUT:
		if (try_again(request, answer->reason, answer->failure == TRANSPORT_TIMEOUT)) {
			again(request);
			return;
		}
		break;
	default:
		break;
	}
	end(request, client_connection_failed(answer, request->what));
}

/* What goes with every request (and, after a 429, what Okta's SDKs send with a repetition); NULL-terminated. */
struct header_list {
	const char *items[7];
	char retry_for[96], retry_count[40];
};

static void add_headers(struct header_list *list, const struct request *request, struct buffer *authorization, struct buffer *proof)
{
	size_t n = 0;

	list->items[n++] = "Accept: application/json";
	if (authorization->length)
		list->items[n++] = buffer_string(authorization);
	if (proof->length)
		list->items[n++] = buffer_string(proof);
	if (request->header)
		list->items[n++] = request->header;
	if (request->tries.limited && request->tries.refused_id[0]) {
		snprintf(list->retry_for, sizeof list->retry_for, "X-Okta-Retry-For: %s", request->tries.refused_id);
		snprintf(list->retry_count, sizeof list->retry_count, "X-Okta-Retry-Count: %u", request->tries.limited);
		list->items[n++] = list->retry_for;
		list->items[n++] = list->retry_count;
	}
	list->items[n] = NULL;
}

void request_start(struct request *request)
{
	struct client *client = request->client;
	struct buffer authorization = BUFFER_EMPTY, proof = BUFFER_EMPTY;
	struct header_list headers;
	struct exchange_request exchange = {request->url, NULL, headers.items, request, on_body, on_done};
	struct request **end = &client->under_way;

	buffer_clear(&request->error_body);
	request->generation = token_generation(client->token);
	request->paused = false;
	if (!request->anonymous && !token_authorize(client->token, "GET",
		request->url, &authorization, &proof)) {
		client_end(client, STATUS_INTERNAL);
	} else {
		add_headers(&headers, request, &authorization, &proof);
		request->exchange = transport_start(client->transport, &exchange);
		if (!request->exchange)
			client_end(client, STATUS_INTERNAL);
	}
	while (*end)
		end = &(*end)->next;
	*end = request;
	request->next = NULL;
	client->under_way_count++;
	client->calls++;
	request->started = monotonic_now();
	governor_started(&client->governor, request->bucket, &client->clock);
	debug("GET %s", request->url);
	buffer_wipe(&authorization);
	buffer_free(&proof);
}
