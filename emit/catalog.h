/*
 * The set of entities to publish: read, checked, formatted, sorted by ref.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdint.h>

#include "arena.h"
#include "entity.h"
#include "published.h"
#include "settings.h"
#include "spool.h"
#include "string_table.h"

struct catalog_row {
	const char *ref, *okta_id;  /* okta_id may be "" */
	uint64_t offset;            /* in the spool */
	uint32_t length, members;
	uint32_t line;
	uint16_t input;             /* index into the settings' inputs */
	uint8_t kind;               /* enum entity_kind */
	bool kept;                  /* the spool has the last published document, not the entity */
};

struct catalog {
	struct arena arena;
	struct catalog_row *rows;   /* by ref, after catalog_read */
	size_t count, capacity;
	struct spool spool;
	struct string_table refs;   /* refs that entities hold */
	char *id, *org;             /* of the first End that says so */
	char **locations;           /* by input: where its entities come from, type:target */
	size_t location_count;
	char *location_key;
	struct buffer json;         /* the entity read last from the spool */
	size_t invalid, kept, dangling;
	unsigned long users, groups;
	long long calls, waited_seconds; /* of all Ends together; -1: none says so */
};

/*
 * Reads all inputs; what is invalid is reported and replaced by its last published form. 0, or the exit status after
 * a message.
 */
int catalog_read(struct catalog *catalog, const struct settings *settings, const struct published *published);

/* Replaces the buffer's content by the row's document. False after a message (74). */
bool catalog_document(struct catalog *catalog, const struct catalog_row *row, enum format format, struct buffer *document);

void catalog_free(struct catalog *catalog);

#endif
