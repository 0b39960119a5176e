/*
 * The e-mails by which Backstage's Okta sign-in finds a user: it refuses one
 * that two users carry. E-mails are equal by email_fold.
 */
#ifndef EMAILS_H
#define EMAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "hash_set.h"
#include "slice.h"

struct catalog;
struct catalog_row;
struct published_document;
struct settings;

/* A user whose e-mail others carry, too. */
struct email_user {
	const struct catalog_row *row;
	bool first;                  /* of those of one e-mail */
};

struct emails {
	struct hash_set all, shared; /* hash_of(), until emails_report */
	struct buffer lower;         /* what was hashed last */
	struct email_user *users;    /* by e-mail, then in the order of the rows */
	size_t user_count, shared_count;
};

/* By which equal e-mails are found; 0 for none. lower: scratch. */
uint64_t emails_hash(struct slice email, struct buffer *lower);

/* An entity is published that carries the e-mail of this hash in okta.com/email; 0: it carries none. */
void emails_add(struct emails *emails, uint64_t hash);

/* The last form of an entity is published. */
void emails_add_document(struct emails *emails, const struct published_document *document);

/*
 * The rows are those that are published: reports the users of each shared
 * e-mail in a line, and fills in the users. The line is a warning, unless
 * okta-map has reported the same (debug). False after a message (74).
 */
bool emails_report(struct catalog *catalog, const struct settings *settings);

void emails_free(struct emails *emails);

#endif
