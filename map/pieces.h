/*
 * What of a user or group is only written again: JSON, spooled as one record and read back when its entity is written.
 */
#ifndef PIECES_H
#define PIECES_H

#include "buffer.h"
#include "directory.h"
#include "slice.h"

/* Strings with their quotes, or annotations each with a comma before it; empty: absent. */
enum piece {
	PIECE_TITLE,        /* a person's or a team's name for people */
	PIECE_LOGIN,        /* of a user */
	PIECE_EMAIL,
	PIECE_PICTURE,
	PIECE_DESCRIPTION,  /* of a group */
	PIECE_OKTA_TYPE,
	PIECE_TYPE,         /* spec.type */
	PIECE_ANNOTATIONS,  /* ,"key":"value" */
	PIECE_COUNT
};

/* A piece's text is what was added to bytes since its pieces_begin. */
struct pieces {
	struct buffer bytes;
	size_t start[PIECE_COUNT];
	int last;                           /* the piece being written */
	struct buffer record;               /* scratch */
	struct slice found[PIECE_COUNT];    /* after pieces_load, until the next one */
};

/* Forgets all pieces; then they are written, in their order. */
void pieces_clear(struct pieces *pieces);
void pieces_begin(struct pieces *pieces, enum piece piece);

/* Spools a party's pieces; false after a message (73, 74). */
bool pieces_store(struct pieces *pieces, struct spool *spool, struct party *party);

/* Reads them back into found; false after a message (74). */
bool pieces_load(struct pieces *pieces, struct spool *spool, const struct party *party);

void pieces_free(struct pieces *pieces);

#endif
