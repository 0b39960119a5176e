/*
 * The set of entities to publish. Memory holds a short row for each and its ref; the entities themselves lie in a spool.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdint.h>

#include "arena.h"
#include "emails.h"
#include "entity.h"
#include "format.h"
#include "hash_set.h"
#include "judged.h"
#include "settings.h"
#include "sign_in.h"
#include "spool.h"

enum row_state {
	ROW_ADDED,     /* not in the base, as far as is known */
	ROW_RENAMED,   /* in the base under another ref, by its Okta id */
	ROW_CHANGED, ROW_SAME,
	ROW_INVALID    /* Backstage would refuse it; the spool has the reason */
};

struct catalog_row {
	const char *ref;
	uint64_t offset;       /* in the spool */
	uint32_t length, line;
	uint16_t input;        /* index into the settings' inputs */
	uint16_t part;         /* of a split catalog */
	uint8_t kind, state;   /* enum entity_kind, enum row_state */
	bool kept : 1;         /* invalid: the spool has the document published last */
	bool last_form : 1;    /* invalid: what was published last stays, as an entity or a document */
	bool taken_over : 1;   /* another Okta id had this ref before */
};

/* What End said of one input. */
struct catalog_input {
	char *id, *org;        /* NULL: not said */
	char *org_id, *fetched_at; /* as text; NULL: not said */
	char *location;        /* where its entities come from, type:target */
	size_t entities;       /* valid or not */
};

/* Who reads rows; zeroed at first. */
struct catalog_reader {
	struct buffer window;  /* bytes of the spool, from start on; buffer_free it in the end */
	uint64_t start, end;   /* end: of the row that was read last */
};

struct published_document;

struct catalog {
	struct arena arena;
	struct catalog_row *rows;   /* by part and ref, after catalog_sort */
	size_t count, capacity;
	struct spool spool;
	struct hash_set refs;       /* hash_of() the refs that valid entities hold */
	struct catalog_input *inputs;
	size_t input_count;
	/* Of the input that names the catalog, or NULL. */
	const char *id, *org, *org_id, *fetched_at;
	char *location_key;
	struct buffer stored;       /* what the spool takes, and what catalog_reason and catalog_okta_id give */
	struct catalog_reader reader;
	size_t invalid, kept, nameless; /* nameless: invalid without a ref, so without a row */
	size_t dropped;             /* refs to what was left out */
	size_t dangling;            /* different refs that lead to entities of other sources */
	struct hash_set given_up;   /* hash_of() the refs that only an invalid row had: those to them are dropped */
	struct hash_set regained;   /* hash_of() the refs that catalog_regain gave */
	struct emails emails;
	struct sign_in sign_in;
	bool given_up_held;         /* entities hold some of those given up */
	const char **invalid_refs;  /* of all invalid rows, kept or not */
	size_t invalid_ref_count;
	unsigned long users, groups;
	long long calls, waited_seconds; /* of all Ends together; -1: none says so */
};

/* Adds an entity of the last input; one that is invalid keeps its reason, and may have no ref (""). False after a message (74). */
bool catalog_add(struct catalog *catalog, const struct judged *entity, size_t line);

/* Sorts the rows. 0, or the exit status after a message that names refs that come twice. */
int catalog_sort(struct catalog *catalog, const struct settings *settings);

/* The row of a ref, or NULL. *hint: where it may be; then behind it. Begin with 0 and ask in order: no search. */
struct catalog_row *catalog_find(const struct catalog *catalog, struct slice ref, unsigned parts, size_t *hint);

/* An invalid row's reason, until the next call that reads a row; NULL after a message (74). */
const char *catalog_reason(struct catalog *catalog, const struct catalog_row *row);

/* The Okta id of any row that is not kept, until the next call that reads a row; its data is NULL after a message (74). */
struct slice catalog_okta_id(struct catalog *catalog, const struct catalog_row *row);

/* Gives an invalid row the document or, where there is one, the entity that was published last. False after a message. */
bool catalog_keep(struct catalog *catalog, struct catalog_row *row, const struct published_document *document);

/* A row that is kept gets the ref that it had before: the rows are in order again after catalog_leave_out. */
void catalog_regain(struct catalog *catalog, struct catalog_row *row, const char *ref, unsigned parts);

/* "FILE: line 12", where the row comes from. */
void catalog_place(const struct settings *settings, const struct catalog_row *row, struct buffer *place);

/* Takes out the rows that are still invalid and the refs to them, and counts what is left. False after a message (74). */
bool catalog_leave_out(struct catalog *catalog);

/* The row's entity: slices valid until the next call. False after a message (74). Not for rows that are kept. */
bool catalog_entity(struct catalog *catalog, const struct catalog_row *row, struct format_entity *entity);

/* Replaces the buffer's content by the row's document. False after a message (74). */
bool catalog_document(struct catalog *catalog, const struct catalog_row *row, enum format format, struct buffer *document);

/*
 * Appends the row's document. False after a message (74). Several threads may do so at once, each with a reader of its own, once the spool
 * is settled.
 */
bool catalog_add_document(struct catalog *catalog, struct catalog_reader *reader, const struct catalog_row *row, enum format format,
	struct buffer *document);

void catalog_free(struct catalog *catalog);

#endif
