/*
 * Okta's API for one run: what all requests share (the token, the clock, the limits, the connections), and
 * the queue of requests. request.c answers one request for good; sign_in.c gets the token.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "governor.h"
#include "okta_error.h"
#include "retry.h"
#include "server_clock.h"
#include "token.h"
#include "transport.h"

/* What came of a request that did not end the run. */
struct outcome {
	long status;    /* 200, or a status that the request tolerates */
	/* The URL of the next page or, of an anonymous request's redirect, its
	 * target (free() it); or NULL. */
	char *next;
};

/*
 * One GET. The owner fills the first part and keeps the struct until done; the rest is the client's. what is
 * how messages call it.
 */
struct request {
	char *url; /* free()d by the client when it is done */
	const char *what;
	enum bucket bucket;
	const char *header; /* one more header line, or NULL */
	bool urgent; /* goes before others: a list whose next page only this one tells */
	bool tolerates_missing; /* 403 and 404 come back as an outcome instead of ending the run */
	/* Goes out without a token, beside the sign-in; every refusal comes
	 * back as an outcome. A repetition waits for the sign-in. */
	bool anonymous;
	void *owner;
	/* A piece of a 200's body: TRANSPORT_TAKE, _STOP (it is wrong) or _LATER. */
	int (*body)(void *owner, const char *bytes, size_t length);
	/* What is wrong with the body, now that it is whole; NULL: nothing. */
	const char *(*judge)(void *owner);
	/* The body is worth nothing; another try will bring it from its start. */
	void (*restart)(void *owner);
	void (*done)(void *owner, struct outcome outcome);
	/* Makes url ask for a smaller page; false when it asks for the smallest. NULL: it is no page. */
	bool (*shrink)(void *owner);
	/* Okta does not know the page's cursor any more: makes url that of the first page; false when it was done before. NULL: no page. */
	bool (*start_over)(void *owner);

	struct client *client;
	struct request *next;
	struct exchange *exchange; /* NULL: in the queue */
	struct buffer error_body;
	double started;       /* monotonic */
	unsigned generation;  /* of the token it was sent with */
	bool paused;
	/* What was tried already to get this answer; the next page begins anew. */
	struct tries {
		struct retry retry;
		unsigned nonce_rounds, limited, clock_rounds;
		bool renewed;
		char refused_id[64];  /* X-Okta-Request-Id of a 429 */
	} tries;
};

struct client {
	struct transport *transport;
	struct token *token;
	struct server_clock clock;
	struct governor governor;
	const char *origin;
	unsigned wanted_concurrency; /* requests at the same time, as the settings have it */
	unsigned concurrency;   /* what is kept to: halved when Okta says that is too many, and raised again little by little */
	double halved_at, raised_at; /* monotonic */
	int status;             /* exit status of what ended the run; 0: nothing did */
	unsigned long calls;

	struct request *queue;     /* waiting, in order */
	struct request *under_way; /* in the order of their start */
	unsigned under_way_count;

	size_t held;       /* bytes of pages that are not yet complete */
	size_t unread;     /* bytes written that the reader has not taken; the run keeps it up to date */
	size_t held_limit; /* of both: beyond it nothing new is asked, and only the oldest request goes on */

	struct {
		bool under_way;
		struct tries tries;
		struct buffer body;
	} sign_in;
};

/* Puts a request into the queue: at its end, or in front when it is urgent. */
void client_send(struct client *client, struct request *request);

/*
 * One round: starts what may start, waits for something to happen (at most a second; or until fd can be written, when
 * writing is wanted, or has lost its reader; -1: none) and calls the requests' owners.
 */
void client_step(struct client *client, int fd, bool writing);

/* May a request take more bytes now, or must it wait for others? For body callbacks. */
bool client_may_take(const struct client *client, const struct request *request);

/* Ends the run with an exit status (message printed); the first one stays. */
void client_end(struct client *client, int status);

/* Frees what requests still hold, and the sign-in's memory; transport and token are the caller's. */
void client_clear(struct client *client);

/* sign_in.c: starts getting a token. */
void sign_in_start(struct client *client);

/* Takes Okta's time from an answer; not from one that a proxy or a gateway made up. */
void client_observe_clock(struct client *client, const struct answer *answer);

/* A proof or assertion had the wrong time: true when another try with another clock is worth it. */
bool client_mend_clock(struct client *client, struct tries *tries, const struct answer *answer);

/* The rate-limit headers of an answer. */
struct rate_limit client_rate_limit(const struct answer *answer);

/* The exit status of an exchange that had no whole answer, after a message. */
int client_connection_failed(const struct answer *answer, const char *what);

/* What an answer says about a failure; body belongs to the caller. */
struct okta_failure client_failure(const struct answer *answer, const struct buffer *body);

#endif
