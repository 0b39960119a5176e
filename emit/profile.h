/*
 * Reads the Okta id and the e-mails of a user from the entity as it is stored
 * or published: all that the sign-in resolvers of Backstage look at.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

struct catalog;
struct catalog_row;

/* Empty: the entity does not say. Zeroed at first; profile_free in the end. */
struct profile {
	struct buffer id;         /* the annotation okta.com/user-id */
	struct buffer annotation; /* the annotation okta.com/email */
	struct buffer email;      /* spec.profile.email */
};

/* Reads an entity from JSON that is known to be whole. */
void profile_read_json(struct profile *profile, struct slice json);

/* Reads a document in block YAML as this program writes it: a line a value. */
void profile_read_yaml(struct profile *profile, struct slice yaml);

/*
 * Reads the form of a user's row that is published. document: scratch. False
 * after a message (74).
 */
bool profile_read_row(struct profile *profile, struct catalog *catalog,
	const struct catalog_row *row, struct buffer *document);

void profile_free(struct profile *profile);

#endif
