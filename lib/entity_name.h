/*
 * Backstage's rules for names (catalog-model, KubernetesValidatorFunctions and CommonValidatorFunctions).
 */
#ifndef ENTITY_NAME_H
#define ENTITY_NAME_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

enum { ENTITY_NAME_MAX = 63 };

/* metadata.name: 1 to 63 of A-Z a-z 0-9 - _ . that begin and end with a letter or digit. */
bool entity_name_valid(struct slice name);

/* metadata.namespace: 1 to 63, lower-case letters and digits, hyphens inside. */
bool entity_namespace_valid(struct slice name);

/*
 * Appends a name that Backstage takes: runs of other characters become one hyphen, the ends are trimmed to letters
 * and digits, at most maximum bytes. Appends nothing when no letter or digit is in it.
 */
void entity_name_repair(struct buffer *valid, struct slice name, size_t maximum);

#endif
