/*
 * Writing a directory as Backstage entities: groups, users, End.
 */
#ifndef ENTITIES_H
#define ENTITIES_H

#include "directory.h"
#include "output.h"
#include "settings.h"

/* Memberships left out because the user or the group has no record. */
struct left_out {
	size_t users, groups;
};

/* Writes all; false when writing failed (reported). Names and e-mails are settled before. */
bool entities_write(struct directory *directory, const struct settings *settings, struct output *output, struct left_out *left_out);

#endif
