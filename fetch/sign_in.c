/*
 * Getting a token: one request at a time to the token endpoint, each with a new assertion and a new proof
 * (Okta counts an assertion as used also when it asks for a nonce).
 */
#include <string.h>

#include "client.h"
#include "exit_status.h"
#include "message.h"

enum { TOKEN_ANSWER_LIMIT = 256 * 1024, SIGN_IN_NONCE_ROUNDS = 2, SIGN_IN_LIMITED_ROUNDS = 5 };

static const char what[] = "signing in";

static int on_body(void *owner, long status, const char *bytes, size_t length)
{
	struct client *client = owner;

	(void)status;
	if (client->sign_in.body.length + length > TOKEN_ANSWER_LIMIT)
		return TRANSPORT_STOP;
	buffer_add(&client->sign_in.body, bytes, length);
	return TRANSPORT_TAKE;
}

/* Refusals that another request mends: a nonce, or Okta's time in place of ours. */
static bool mend(struct client *client, const struct answer *answer)
{
	struct slice body = slice_of(client->sign_in.body.data, client->sign_in.body.length);

	if (okta_error_is(body, "use_dpop_nonce"))
		return answer_header(answer, "dpop-nonce", 0) && client->sign_in.tries.nonce_rounds++ < SIGN_IN_NONCE_ROUNDS;
	if (!strstr(buffer_string(&client->sign_in.body), "issued") && !strstr(buffer_string(&client->sign_in.body), "expir"))
		return false;
	if (client->clock.offset && !client->sign_in.tries.clock_rounds)
		warn("this machine's clock differs from Okta's by %lld s: going on with Okta's time", client->clock.offset);
	return client_mend_clock(client, &client->sign_in.tries, answer);
}

static void on_status(struct client *client, const struct answer *answer)
{
	struct okta_failure failure = client_failure(answer, &client->sign_in.body);

	if (answer->status == 200) {
		client_end(client, token_read_answer(client->token, failure.body));
		memset(&client->sign_in.tries, 0, sizeof client->sign_in.tries);
		return;
	}
	if (answer->status == 429) {
		governor_refused(&client->governor, BUCKET_TOKEN, client_rate_limit(answer), &client->clock, ++client->sign_in.tries.limited);
		if (client->sign_in.tries.limited <= SIGN_IN_LIMITED_ROUNDS)
			return;
	}
	/* libcurl repeats a request by itself when a connection it had kept turns out closed; Okta may have seen it. */
	if (strstr(buffer_string(&client->sign_in.body), "already been used")) {
		if (!retry_later(&client->sign_in.tries.retry, what, "the connection broke off"))
			client_end(client, fail(STATUS_UNAVAILABLE, "%s: the connection broke off, again and again: try later, or look at "
				"the network and the proxy", what));
		return;
	}
	if ((answer->status == 400 || answer->status == 401) && mend(client, answer))
		return;
	if ((answer->status >= 500 || okta_error_is(failure.body, "server_error") || okta_error_is(failure.body, "temporarily_unavailable"))
		&& retry_later(&client->sign_in.tries.retry, what, "Okta has trouble"))
		return;
	client_end(client, okta_token_refused(&failure));
}

static void on_done(void *owner, const struct answer *answer)
{
	struct client *client = owner;

	client->sign_in.under_way = false;
	governor_finished(&client->governor, BUCKET_TOKEN);
	if (client->status) {
		buffer_wipe(&client->sign_in.body);
		return; /* the run has ended, and a message says why */
	}
	if (answer->status) {
		client_observe_clock(client, answer);
		token_keep_nonce(client->token, false, answer_header(answer, "dpop-nonce", 0));
	}
	switch (answer->failure) {
	case TRANSPORT_ANSWERED:
		on_status(client, answer);
		break;
	case TRANSPORT_REFUSED:
		client_end(client, fail(STATUS_PROTOCOL, "%s: an endless answer: is the org URL the address of an Okta org?", what));
		break;
	case TRANSPORT_NO_CONNECTION: case TRANSPORT_BROKEN: case TRANSPORT_TIMEOUT:
		if (retry_later(&client->sign_in.tries.retry, what, answer->reason))
			break;
		client_end(client, client_connection_failed(answer, what));
		break;
	default:
		client_end(client, client_connection_failed(answer, what));
	}
	buffer_wipe(&client->sign_in.body);
}

void sign_in_start(struct client *client)
{
	struct buffer form = BUFFER_EMPTY, proof = BUFFER_EMPTY;
	const char *headers[3] = {"Accept: application/json"};
	struct exchange_request exchange = {token_url(client->token), NULL, headers, client, on_body, on_done};

	buffer_clear(&client->sign_in.body);
	if (!token_request(client->token, &form, &proof)) {
		client_end(client, STATUS_INTERNAL);
		goto out;
	}
	exchange.form = buffer_string(&form);
	headers[1] = proof.length ? buffer_string(&proof) : NULL;
	if (!transport_start(client->transport, &exchange)) {
		client_end(client, STATUS_INTERNAL);
		goto out;
	}
	client->sign_in.under_way = true;
	client->calls++;
	governor_started(&client->governor, BUCKET_TOKEN, &client->clock);
out:
	buffer_wipe(&form);
	buffer_free(&proof);
}
