/*
 * An org's people, teams and memberships as okta-map holds them, between reading and writing.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "string_table.h"

/* Strings live in the directory's arena; NULL: absent or empty. */
struct party {
	const char *id, *created;
	const char *base_name;  /* what the naming rule gave, made valid */
	const char *name;       /* metadata.name, when all names are given out */
	const char *title;      /* a person's or a team's name for people */
	const char *login, *email, *picture;      /* of a user */
	const char *description, *okta_type;      /* of a group */
	size_t line;            /* in the input; 0: no record came */
	bool left_out;          /* of a user: by --exclude-status; as if no record had come */
	bool carries_email;     /* of a user: nobody else with this e-mail comes before */
};

struct parties {
	struct string_table ids;  /* numbers of all ids that were met, in records and memberships */
	struct party *at;         /* by number; line 0 for those without a record */
	uint32_t capacity;
	uint32_t count;           /* with a record */
};

struct edge {
	uint32_t group, user;     /* numbers */
};

struct directory {
	struct arena arena;
	struct parties users, groups;
	struct edge *edges;
	size_t edge_count, edge_capacity;
	size_t memberships;       /* that were read, before any was merged or left out */
	const char *org_id, *okta_url;
	size_t excluded;          /* users left out by --exclude-status */
	long long end_groups, end_users, end_memberships; /* of End; -1: not said */
	long long calls, waited_seconds;                  /* likewise: handed on for who reports the run */
};

/* The party of an id, made when it was not there. Valid until the next call. */
struct party *parties_get(struct parties *parties, struct slice id);

/* The number of an id, made when it was not there. */
uint32_t parties_number(struct parties *parties, struct slice id);

void directory_add_edge(struct directory *directory, uint32_t group, uint32_t user);

/* Was there a record for this number? */
bool parties_has(const struct parties *parties, uint32_t number);

void directory_free(struct directory *directory);

#endif
