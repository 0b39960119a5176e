/*
 * An org's people and teams as okta-map holds them, between reading and writing: a row each, and what is only written
 * again in a temporary file (pieces.h). Rows are addressed by the numbers of the ids, of which there may be more than
 * rows with a record: members that were never described, holders of names who left.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "id_table.h"
#include "memberships.h"
#include "name_book.h"
#include "spool.h"

#define NOBODY UINT32_MAX

/* 40 bytes: there may be a million. */
struct party {
	const char *name;       /* what the naming rule gave, made valid; metadata.name when all names are given out */
	uint64_t created : 57;  /* to compare ages: the digits of "created"; NEVER when there is none */
	bool left_out : 1;      /* by a filter: as if no record had come */
	bool has_members : 1;   /* of a group: itself */
	bool withholds_email : 1; /* of a user: another one carries it */
	bool from_ledger : 1;   /* name is its name already */
	bool repaired : 1;      /* the naming rule gave no valid name */
	bool login_gives_name : 1; /* of a user: as the e-mail does */
	uint64_t spooled;       /* where its pieces are */
	uint32_t spooled_length;
	uint32_t email_hash;    /* of a user's e-mail without case; 0: has none */
	uint32_t line;          /* in the input; 0: no record came */
	uint32_t above;         /* the number of its parent or manager, or NOBODY */
};

_Static_assert(sizeof(struct party) <= 40, "a million of these");

#define NEVER ((UINT64_C(1) << 57) - 1)

struct parties {
	const char *what;     /* "user" or "group" */
	struct id_table ids;
	struct name_book book;
	struct party *at;     /* by number */
	uint32_t *since;      /* by number, of those from the ledger: when the name was given, seconds since 1970 */
	const char **okta_names; /* by number, of groups: JSON arrays, for the
				    ledger */
	uint32_t capacity, since_capacity, okta_names_capacity;
	uint32_t count;       /* with a record that is not left out */
	uint32_t records;     /* with a record */
	char *give; /* the command that passes a name on, up to the name:
		       "okta-map --names FILE --give user:default/"; NULL: no
		       ledger */
};

struct directory {
	struct arena names;
	struct parties users, groups;
	struct memberships memberships;
	struct spool spool;
	char *org_id, *okta_url; /* of OktaOrg; NULL: absent */
	char *okta_org_id, *fetched_at; /* its orgId and fetchedAt */
	uint32_t fetched;                                 /* seconds since 1970; 0: not said */
	long long end_groups, end_users, end_memberships; /* of End; -1: not said */
	long long calls, waited_seconds;                  /* likewise: handed on for who reports the run */
};

void directory_open(struct directory *directory);
void directory_free(struct directory *directory);

/* The number of an id, with an empty row when it was not there. */
uint32_t parties_number(struct parties *parties, struct slice id);

/* The same, where its hash is known. */
uint32_t parties_number_hashed(struct parties *parties, struct slice id, uint64_t hash);

/* The id of this hash will be looked up: has its memory fetched in two steps, with other work before, between and behind. */
void parties_expect(const struct parties *parties, uint64_t hash);
void parties_expect_row(const struct parties *parties, uint64_t hash);

/* The numbers of many ids at once. */
void parties_numbers(struct parties *parties, const struct slice *ids, uint32_t *numbers, size_t count);

struct slice parties_id(const struct parties *parties, uint32_t number);

/* Is there an entity for this number? */
bool parties_has(const struct parties *parties, uint32_t number);

/* No entity for this party, which had one. */
void parties_leave_out(struct parties *parties, uint32_t number);

/* Which was created first, then has the lesser id: less than 0 for a. */
int parties_compare_age(const struct parties *parties, uint32_t a, uint32_t b);

#endif
