/*
 * HTTPS, several requests at once: the only file that knows libcurl. It never follows a redirect,
 * never repeats a request on its own, always verifies the server's certificate, and speaks nothing
 * but https.
 *
 * One exchange is one request and its one answer. The owner is called back from transport_wait.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

struct transport;
struct exchange;

enum transport_failure {
	TRANSPORT_ANSWERED,   /* a whole answer came; look at its status */
	TRANSPORT_NO_CONNECTION, /* name, connect, proxy: worth another try */
	TRANSPORT_UNTRUSTED,  /* the certificate is not one we trust */
	TRANSPORT_BROKEN,     /* reset, cut off, not HTTP: worth another try */
	TRANSPORT_TIMEOUT,    /* no answer in time: worth another try */
	TRANSPORT_REFUSED,    /* the owner's body callback said no */
	TRANSPORT_UNUSABLE    /* a local cause that no repetition mends: CA file, URL */
};

struct answer {
	enum transport_failure failure;
	long status;        /* HTTP status; 0 when none came */
	const char *reason; /* what went wrong, in words; "" when nothing did */
	void *handle;       /* for answer_header */
};

/* The index-th header of a name (any case), or NULL. Valid until the callback returns. */
const char *answer_header(const struct answer *answer, const char *name, size_t index);

struct exchange_request {
	const char *url;
	const char *form;                 /* body of a POST, application/x-www-form-urlencoded; NULL: GET */
	const char *const *headers;       /* "Name: value", NULL-terminated; copied */
	void *owner;
	/*
	 * A piece of the answer's body, with the answer's status. TRANSPORT_TAKE goes on, TRANSPORT_STOP
	 * ends the exchange, TRANSPORT_LATER keeps the piece for transport_resume.
	 */
	int (*body)(void *owner, long status, const char *bytes, size_t length);
	void (*done)(void *owner, const struct answer *answer); /* the exchange is gone when it returns */
};

enum { TRANSPORT_TAKE, TRANSPORT_STOP, TRANSPORT_LATER };

struct transport_settings {
	const char *ca_file;    /* PEM; NULL: the system's */
	double timeout;         /* seconds for one exchange, without the time that its owner makes it wait */
	unsigned concurrency;   /* most connections */
};

/* NULL after a message. */
struct transport *transport_open(const struct transport_settings *settings);
void transport_close(struct transport *transport);

/* Starts an exchange. NULL after a message (out of memory). */
struct exchange *transport_start(struct transport *transport, const struct exchange_request *request);

/* Hands over what a TRANSPORT_LATER left behind, and goes on. */
void transport_resume(struct exchange *exchange);

/*
 * Waits at most seconds for something to happen on any exchange or, when fd is not -1, until that descriptor has lost its
 * reader or, with writing, can be written; and calls the callbacks of what did happen.
 */
void transport_wait(struct transport *transport, int fd, bool writing, double seconds);

/* Seconds since the epoch of an HTTP date; -1 when it is none. */
long long transport_parse_date(const char *date);

/*
 * Judges an org URL: https, a host, no user, query or fragment, no path but "/". NULL: good, and *origin is
 * scheme, host and port without a trailing slash, normalized (free() it); else what is wrong with it.
 */
const char *transport_read_origin(const char *url, char **origin);

/* Does an absolute URL have that origin (compared normalized)? */
bool transport_same_origin(struct slice url, const char *origin);

#endif
