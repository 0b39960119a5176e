/*
 * What Backstage knows of the spec of its kinds (catalog-model, schema/kinds; plugin-catalog-backend,
 * BuiltinKindsEntityProcessor). Kinds that are not here may have any spec.
 */
#ifndef ENTITY_KINDS_H
#define ENTITY_KINDS_H

#include <stdbool.h>

#include "slice.h"

enum spec_type { SPEC_TEXT, SPEC_TEXTS, SPEC_REF, SPEC_REFS, SPEC_PROFILE, SPEC_PRESENCE };

struct spec_field {
	const char *name;  /* NULL: end of the list */
	const char *path;  /* for messages: "spec.name" */
	enum spec_type type;
	bool required;
	const char *kind;  /* what a ref without a kind means; NULL: it must have one */
};

/* The fields of a kind's spec, or NULL. */
const struct spec_field *entity_spec_fields(struct slice kind);

/* The kind of Backstage's that this is but for the case of its letters, which Backstage takes for another kind; NULL: it is right, or unknown. */
const char *entity_kind_meant(struct slice kind);

#endif
