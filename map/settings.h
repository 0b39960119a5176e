/*
 * okta-map's options.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "attribute_path.h"
#include "options.h"

enum user_rule { USER_STRIP_DOMAIN, USER_ID, USER_KEBAB_EMAIL, USER_SLUGIFY_EMAIL, USER_PROFILE_ATTRIBUTE };
enum group_rule { GROUP_KEBAB_NAME, GROUP_ID, GROUP_PROFILE_NAME, GROUP_PROFILE_ATTRIBUTE };
enum membership { MEMBERSHIP_MEMBER_OF, MEMBERSHIP_MEMBERS, MEMBERSHIP_BOTH };
enum shared_email { SHARED_EMAIL_KEEP, SHARED_EMAIL_LOGIN };
enum collisions { COLLISIONS_SUFFIX, COLLISIONS_FAIL };

/* An attribute of a record that somebody asked for; purpose says what for. */
struct wanted {
	struct attribute_path path;
	enum purpose {
		FOR_NAME, FOR_TYPE, FOR_PICTURE, FOR_ANNOTATION,
		FOR_KEY,   /* by which others name this party as the one above them */
		FOR_ABOVE  /* which names the one above this party */
	} purpose;
	char *annotation;  /* of FOR_ANNOTATION: its key, valid */
};

enum { WANTED_MOST = 64 };

struct wanteds {
	struct wanted at[WANTED_MOST];
	size_t count;
};

/* Okta's type of a group, and the spec.type that it gives. */
struct group_type {
	char *okta_type;
	const char *type;
};

struct settings {
	int membership, collisions;            /* enum membership, collisions */
	int shared_email;                      /* enum shared_email */
	enum user_rule user_rule;
	enum group_rule group_rule;
	struct wanteds of_users, of_groups;
	bool hierarchy, managers;
	bool hierarchy_by_name;                /* parents are named by what the naming rule gives */
	bool manager_by_id;                    /* managers are named by their Okta ids */
	unsigned excluded_states, excluded_types; /* okta_list.h */
	const char *name_space;
	const char *group_type;                /* where none of group_types fits */
	struct group_type group_types[16];
	size_t group_type_count;
	struct option_list group_prefixes, strip_prefixes;
	bool drop_empty_groups;
	const char *names;                     /* the ledger's path, or NULL */
	bool names_follow, names_readonly;
	const char *names_from; /* a published catalog, or NULL */
	struct option_list names_reserved; /* ledgers of other providers */
	struct option_list gives; /* REF=ID[:FORMER] */
	long names_lock; /* a descriptor; 0: none */
	const char *expect_org; /* an orgId, or NULL */
	double name_hold;                      /* seconds */
	const char *input;                     /* path, or NULL: standard input */
};

/* OPTIONS_GO_ON, or the exit status to end with; settings_free in any case. */
int settings_read(struct settings *settings, int argc, char **argv);

void settings_free(struct settings *settings);

#endif
