/*
 * A list of Okta's walked page after page through Link: rel="next". A page is the transaction: its objects are
 * collected while it arrives and handed on together, when its last byte was right.
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>

#include "buffer.h"
#include "client.h"
#include "page.h"
#include "slice.h"
#include "visited.h"

/* What was collected of one object. */
struct walk_object {
	size_t id, id_length;     /* offsets into the walk's bytes */
	size_t text, text_length; /* the object as sent, without line breaks; text_length 0: not kept */
	bool built_in, deprovisioned;
};

/* What an object's own members said, for the owner's choice whether to keep its text. */
struct walk_fields {
	struct slice id, status, type;
};

struct walk {
	struct client *client;
	struct request request;
	struct page page;
	const char *object_name; /* "user", "group": for messages */
	void *owner;
	/* Should the object's bytes be kept? Otherwise only its id is. */
	bool (*keeps)(void *owner, const struct walk_fields *fields);
	/* A page is complete; its objects and bytes are the walk's, valid until the callback returns. */
	void (*page_done)(void *owner, struct walk *walk);
	/* No further page; or, with status 403 or 404, the list is not to be had (tolerated only). */
	void (*ended)(void *owner, struct walk *walk, long status);
	bool held;           /* the owner wants no next page before walk_go_on */
	char *next;          /* the next page while held */
	bool active;
	long *page_size;     /* of this kind of list: lowered for the rest of the run when Okta fails with larger pages */
	bool last;           /* in page_done: no page follows */

	struct buffer bytes;
	struct walk_object *objects;
	size_t count, capacity;
	size_t counted;      /* bytes that the client counts as held for this walk */
	struct visited visited;
	char *first;         /* the first page's URL */
	bool started_over;   /* Okta had forgotten a cursor */
	bool brought_new;    /* set by the owner in page_done when an object was none it had before */
	unsigned stale;      /* pages in a row that brought nothing new */
	char wrong[160];
};

/* Starts at url (owned by the walk from now on); the callbacks and the request's what and bucket are set. */
void walk_start(struct walk *walk, struct client *client, char *url);

/* Lets a held walk ask for its next page. */
void walk_go_on(struct walk *walk);

struct slice walk_id(const struct walk *walk, const struct walk_object *object);
struct slice walk_text(const struct walk *walk, const struct walk_object *object);

void walk_free(struct walk *walk);

#endif
