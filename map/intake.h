/*
 * Reading okta-fetch's stream into a directory.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "buffer.h"
#include "directory.h"
#include "ledger.h"
#include "links.h"
#include "okta_record.h"
#include "pieces.h"
#include "records.h"
#include "settings.h"

/* All that reading needs; zeroed, with the first members set by who reads. */
struct intake {
	struct directory *directory;
	const struct settings *settings;
	const struct ledger *ledger;
	struct links managers, parents;
	size_t excluded_users, excluded_groups; /* by the filters */
	size_t deactivated_users; /* as if no record had come */

	struct records *records;
	struct record record;
	struct okta_record *found; /* the user or group at hand */
	struct pieces pieces;
	struct buffer id, text, base, name, key, above; /* scratch */
	bool saw_org;
};

/* Reads the whole stream. 0 only when it was whole, else the exit status after a message. */
int intake_read(struct intake *intake);

void intake_free(struct intake *intake);

#endif
