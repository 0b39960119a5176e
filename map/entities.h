/*
 * Writing the entities: groups, then users, each in the order of their names.
 */
#ifndef ENTITIES_H
#define ENTITIES_H

#include <stdbool.h>

#include "directory.h"
#include "output.h"
#include "settings.h"

/*
 * Writes all entities. Names are given out, memberships are settled; they are turned into rows of users here. 0, or the exit status after a
 * message: 65 when an entity would be longer than a record may be, 74 when writing, or reading the spool, failed.
 */
int entities_write(struct directory *directory, const struct settings *settings, struct output *output);

/* Writes End. */
bool entities_write_end(const struct directory *directory, struct output *output);

#endif
