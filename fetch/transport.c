#include "transport.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "memory.h"
#include "message.h"
#include "server_clock.h"
#include "version.h"

/* A connection that brings less than a byte a second for this long is dead. */
enum { STALL_SECONDS = 60, CONNECT_SECONDS = 10 };

struct transport {
	CURLM *multi;
	struct transport_settings settings;
	struct exchange *exchanges; /* under way */
};

struct exchange {
	struct transport *transport;
	struct exchange *previous, *next;
	CURL *easy;
	struct curl_slist *headers;
	struct exchange_request request;
	char error[CURL_ERROR_SIZE];
	bool refused;
	double deadline;  /* monotonic; moved on by the time that the owner made it wait */
	double paused_at; /* 0: it is not */
};

struct transport *transport_open(const struct transport_settings *settings)
{
	struct transport *transport = memory_alloc(sizeof *transport);

	transport->settings = *settings;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(transport->multi = curl_multi_init())) {
		fail(70, "libcurl cannot be started");
		free(transport);
		return NULL;
	}
	curl_multi_setopt(transport->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)settings->concurrency);
	curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)settings->concurrency + 1);
	return transport;
}

static void exchange_free(struct exchange *exchange)
{
	if (exchange->previous)
		exchange->previous->next = exchange->next;
	else if (exchange->transport->exchanges == exchange)
		exchange->transport->exchanges = exchange->next;
	if (exchange->next)
		exchange->next->previous = exchange->previous;
	curl_easy_cleanup(exchange->easy);
	curl_slist_free_all(exchange->headers);
	free(exchange);
}

/* Frees the exchanges that are still under way, without calling their owners. */
void transport_close(struct transport *transport)
{
	if (!transport)
		return;
	while (transport->exchanges) {
		curl_multi_remove_handle(transport->multi, transport->exchanges->easy);
		exchange_free(transport->exchanges);
	}
	curl_multi_cleanup(transport->multi);
	curl_global_cleanup();
	free(transport);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	struct exchange *exchange = data;
	long status = 0;

	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	switch (exchange->request.body(exchange->request.owner, status, bytes, size * count)) {
	case TRANSPORT_TAKE: return size * count;
	case TRANSPORT_LATER:
		exchange->paused_at = monotonic_now();
		return CURL_WRITEFUNC_PAUSE;
	default:
		exchange->refused = true;
		return CURL_WRITEFUNC_ERROR;
	}
}

static bool add_headers(struct exchange *exchange)
{
	for (const char *const *header = exchange->request.headers; *header; header++) {
		struct curl_slist *longer = curl_slist_append(exchange->headers, *header);

		if (!longer)
			return false;
		exchange->headers = longer;
	}
	return true;
}

static void set_up(const struct transport *transport, struct exchange *exchange)
{
	CURL *easy = exchange->easy;

	curl_easy_setopt(easy, CURLOPT_URL, exchange->request.url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (transport->settings.ca_file) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, transport->settings.ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* The URL is sent as it is written: a proof's htu is made from the same string. */
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	/* A request waits for the first connection, to learn whether it takes several at once (HTTP/2). */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "okta-catalog/" OKTA_CATALOG_VERSION);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	if (exchange->request.form)
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, exchange->request.form);
}

struct exchange *transport_start(struct transport *transport, const struct exchange_request *request)
{
	struct exchange *exchange = memory_alloc(sizeof *exchange);

	exchange->transport = transport;
	exchange->request = *request;
	exchange->deadline = monotonic_now() + transport->settings.timeout;
	exchange->easy = curl_easy_init();
	if (!exchange->easy || !add_headers(exchange))
		goto failed;
	set_up(transport, exchange);
	if (curl_multi_add_handle(transport->multi, exchange->easy) != CURLM_OK)
		goto failed;
	exchange->next = transport->exchanges;
	if (exchange->next)
		exchange->next->previous = exchange;
	transport->exchanges = exchange;
	return exchange;
failed:
	fail(70, "out of memory");
	exchange_free(exchange);
	return NULL;
}

void transport_resume(struct exchange *exchange)
{
	exchange->deadline += monotonic_now() - exchange->paused_at;
	exchange->paused_at = 0;
	curl_easy_pause(exchange->easy, CURLPAUSE_CONT);
}

/* What a proxy says to CONNECT, in words that name the setting; false: it was not that. curl's own words may hold its password. */
static bool explain_proxy(struct exchange *exchange, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (code != CURLE_OK && strstr(exchange->error, "proxy syntax"))
		snprintf(exchange->error, sizeof exchange->error, "the address of the proxy (https_proxy, all_proxy) is wrong");
	else if (code != CURLE_OK && status == 407)
		snprintf(exchange->error, sizeof exchange->error, "the proxy asks for a user and password: https_proxy=http://USER:PASSWORD@HOST:PORT");
	else if (code != CURLE_OK && status >= 400 && status < 500)
		snprintf(exchange->error, sizeof exchange->error, "the proxy refuses to connect to this host (HTTP %ld)", status);
	else
		return false;
	return true;
}

static enum transport_failure judge(struct exchange *exchange, CURLcode code)
{
	if (explain_proxy(exchange, code))
		return TRANSPORT_UNUSABLE;
	switch (code) {
	case CURLE_OK: return TRANSPORT_ANSWERED;
	case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_ISSUER_ERROR: return TRANSPORT_UNTRUSTED;
	case CURLE_COULDNT_RESOLVE_PROXY: case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR: return TRANSPORT_NO_CONNECTION;
	case CURLE_OPERATION_TIMEDOUT: return TRANSPORT_TIMEOUT;
	case CURLE_WRITE_ERROR: return exchange->refused ? TRANSPORT_REFUSED : TRANSPORT_BROKEN;
	case CURLE_SSL_CACERT_BADFILE: case CURLE_URL_MALFORMAT: case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_FAILED_INIT: return TRANSPORT_UNUSABLE;
	default: return TRANSPORT_BROKEN;
	}
}

static void finish(struct transport *transport, CURL *easy, CURLcode code)
{
	struct exchange *exchange = NULL;
	struct answer answer = {TRANSPORT_ANSWERED, 0, "", easy};

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
	curl_multi_remove_handle(transport->multi, easy);
	answer.failure = judge(exchange, code);
	if (code != CURLE_OK)
		answer.reason = exchange->error[0] ? exchange->error : curl_easy_strerror(code);
	exchange->request.done(exchange->request.owner, &answer);
	exchange_free(exchange);
}

/* Ends what takes too long; a connection in the middle of an answer is closed with it. */
static bool finish_late(struct transport *transport)
{
	double now = monotonic_now();

	for (struct exchange *exchange = transport->exchanges; exchange; exchange = exchange->next)
		if (!exchange->paused_at && now > exchange->deadline) {
			snprintf(exchange->error, sizeof exchange->error, "no whole answer within %.0f s", transport->settings.timeout);
			finish(transport, exchange->easy, CURLE_OPERATION_TIMEDOUT);
			return true;
		}
	return false;
}

/* Moves all exchanges on; true when some were finished and their owners called. */
static bool perform(struct transport *transport)
{
	int running, left;
	bool finished = false;
	CURLMsg *message;

	curl_multi_perform(transport->multi, &running);
	while ((message = curl_multi_info_read(transport->multi, &left)))
		if (message->msg == CURLMSG_DONE) {
			finish(transport, message->easy_handle, message->data.result);
			finished = true;
		}
	while (finish_late(transport))
		finished = true;
	return finished;
}

void transport_wait(struct transport *transport, int fd, bool writing, double seconds)
{
	/* Without an event that is waited for, poll still tells an error: the reader of a pipe that is gone. */
	struct curl_waitfd extra = {fd, writing ? CURL_WAIT_POLLOUT : 0, 0};

	/* Owners that were called want to start something: no time to wait. */
	if (perform(transport))
		return;
	curl_multi_poll(transport->multi, &extra, fd >= 0, (int)(seconds * 1000) + 1, NULL);
	perform(transport);
}

const char *answer_header(const struct answer *answer, const char *name, size_t index)
{
	struct curl_header *header;

	return curl_easy_header(answer->handle, name, index, CURLH_HEADER, -1, &header) == CURLHE_OK
		? header->value : NULL;
}

long long transport_parse_date(const char *date)
{
	return (long long)curl_getdate(date, NULL);
}

/* scheme://host:port with the default port written out; NULL when the URL has none. free() it. */
static char *origin_of(CURLU *parts)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *origin = NULL;
	size_t size;

	if (curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
		&& curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK
		&& curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
		size = strlen(scheme) + strlen(host) + strlen(port) + 5;
		origin = memory_alloc(size);
		for (char *p = host; *p; p++)
			*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
		strcat(strcat(strcat(strcat(strcat(origin, scheme), "://"), host), ":"), port);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	return origin;
}

static bool has_part(CURLU *parts, CURLUPart part, const char *allowed)
{
	char *text = NULL;
	bool has = curl_url_get(parts, part, &text, 0) == CURLUE_OK && strcmp(text, allowed) != 0;

	curl_free(text);
	return has;
}

const char *transport_read_origin(const char *url, char **origin)
{
	CURLU *parts = curl_url();
	const char *wrong = NULL;

	*origin = NULL;
	if (strncasecmp(url, "https://", 8) != 0)
		wrong = "does not begin with https://";
	else if (curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) != CURLUE_OK)
		wrong = "is no URL";
	else if (has_part(parts, CURLUPART_PATH, "/") || has_part(parts, CURLUPART_QUERY, "")
		|| has_part(parts, CURLUPART_FRAGMENT, ""))
		wrong = "has something behind the host; expected the org's address alone";
	else if (!(*origin = origin_of(parts)))
		wrong = "has no host";
	curl_url_cleanup(parts);
	if (*origin && strcmp(*origin + strlen(*origin) - 4, ":443") == 0)
		(*origin)[strlen(*origin) - 4] = '\0';
	return wrong;
}

bool transport_same_origin(struct slice url, const char *origin)
{
	char *copy = memory_copy_bytes(url.data, url.length), *theirs = NULL;
	CURLU *parts = curl_url();
	bool same = false;

	if (strlen(copy) == url.length && curl_url_set(parts, CURLUPART_URL, copy, CURLU_DISALLOW_USER) == CURLUE_OK
		&& (theirs = origin_of(parts))) {
		size_t length = strlen(theirs);

		if (length > 4 && strcmp(theirs + length - 4, ":443") == 0)
			theirs[length - 4] = '\0';
		same = strcmp(theirs, origin) == 0;
	}
	curl_url_cleanup(parts);
	free(theirs);
	free(copy);
	return same;
}
