/*
 * Reads the names that a published catalog gives to Okta ids, from its index
 * lines (YAML) or its entities (the JSON forms), for a ledger that was lost.
 */
#ifndef CATALOG_NAMES_H
#define CATALOG_NAMES_H

#include <stdbool.h>

#include "slice.h"

/*
 * Calls take with the name and the Okta id of each user and group of the
 * namespace that has an id. path: one file in any form of catalog-emit but a
 * delta, or the index of a split catalog; its parts are read even if the index
 * is lost. take gives false if it had the name before. *exists: was there a
 * catalog? 0, or the exit status after a message: 65, with the place, if a file
 * was cut, changed or lost.
 */
int catalog_names_read(const char *path, const char *name_space,
	bool (*take)(
		void *owner, bool is_user, struct slice name, struct slice id),
	void *owner, bool *exists);

#endif
