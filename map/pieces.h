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

struct pieces {
	struct buffer bytes;
	uint32_t first;            /* where the first piece begins in bytes */
	uint32_t end[PIECE_COUNT]; /* piece n ends here and n + 1 begins */
	int last;                  /* the piece being written */
};

/* Forgets all pieces. Pieces are written to bytes in their order, each after pieces_begin. */
void pieces_clear(struct pieces *pieces);
void pieces_begin(struct pieces *pieces, enum piece piece);

/* A piece that was read or written; its data is valid until the next change. */
struct slice pieces_get(const struct pieces *pieces, enum piece piece);

/* Spools a party's pieces; false after a message (74). */
bool pieces_store(struct pieces *pieces, struct spool *spool, struct party *party);

/* Reads them back; false after a message (74). */
bool pieces_load(struct pieces *pieces, struct spool *spool, const struct party *party);

void pieces_free(struct pieces *pieces);

#endif
