/*
 * okta-fetch's options and environment.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>

#include "buffer.h"
#include "known_groups.h"
#include "options.h"
#include "private_key.h"
#include "token.h"

enum users_mode { USERS_ALL, USERS_MEMBERS, USERS_NONE };
enum missing_mode { MISSING_ERROR, MISSING_WARN };

/* What is wrong with one part of the settings, kept for --check. */
struct problem {
	int status;  /* 0: nothing */
	char *text;
};

struct settings {
	char *origin;                /* https://acme.okta.com */
	const char *client_id;
	struct private_key *key;     /* NULL: SSWS; settings_free leaves it to the token */
	struct buffer ssws;
	const char *id;
	struct option_list groups;   /* names and ids */
	char *groups_text;           /* what --groups-file held; groups points into it */
	struct known_groups known;   /* --known-groups */
	const char *expect_org;      /* the org's Okta id, or NULL */
	const char *group_search, *user_search;
	bool built_in;
	int users, missing, dpop;    /* enum users_mode, missing_mode, dpop_mode */
	long concurrency, rate_share;
	const char *ca_file;
	const char *cache_dir;
	double cache_max_age;        /* seconds */
	int progress;                /* enum progress_mode */
	bool check;
	struct problem org_problem, key_problem; /* with check alone; else they were said and ended the program */
	double timeout;              /* seconds, of one request */
};

/* OPTIONS_GO_ON with *settings filled, or the exit status to end with (messages printed, every problem). */
int settings_read(struct settings *settings, int argc, char **argv);

void settings_free(struct settings *settings);

#endif
