/*
 * What the steps of --check share: one request at a time to its end, and what was learned so far.
 */
#ifndef CHECK_SESSION_H
#define CHECK_SESSION_H

#include "client.h"
#include "settings.h"

struct check {
	const struct settings *settings;
	struct client client;
	struct buffer trouble;  /* of the last request: what went wrong, as a run would have said it */
	double seconds;         /* of all requests to the API */
	unsigned long requests;

	char **names;           /* of all groups that the app sees */
	size_t name_count, name_capacity;
	bool *named_found;      /* by the index of the settings' groups */
	struct known_match *known; /* name: of those that the app sees */
	size_t known_count;
	unsigned long groups;   /* that a run would ingest */
	unsigned long member_calls;
	long everybody;         /* members of Everyone, -1: not visible */
	char *example;          /* the id of a group with members, or of any */
	bool example_has_members;
	size_t built_in_count;  /* of the names */
};

/* One answer, whole. */
struct reply {
	bool done;
	long status;
	struct buffer body;     /* a JSON array, when nothing went wrong */
	char *next;             /* the next page's URL, or NULL */
};

/* 0 with the session ready, or the exit status after a message. End it in any case. */
int check_session_begin(struct check *check, const struct settings *settings);
void check_session_end(struct check *check);

/* A list's URL; expression: a search, or NULL. For check_ask. */
char *check_url_of(const struct check *check, const char *path, const char *expression);

/*
 * Sends one request, with all retries that a run would make. Takes over url. 0, or the exit status with which a run would have
 * ended and the reason in check->trouble. Free the reply in any case.
 */
int check_ask(struct check *check, char *url, const char *what, enum bucket bucket, struct reply *reply);

/* How many objects the reply's list has. */
size_t reply_count(const struct reply *reply);

void reply_free(struct reply *reply);

#endif
