/*
 * One user or group of Okta's, read once: the members that okta-map knows and the attributes that its options ask for, as
 * slices of the line.
 */
#ifndef OKTA_RECORD_H
#define OKTA_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "directory.h"
#include "json_cursor.h"
#include "settings.h"
#include "slice.h"

struct okta_field {
	const char *name;
	size_t length;
	bool in_profile;
	bool strict;      /* a string or null, as Okta has it: a filter that made it something else is told so */
};

#define OKTA_FIELD(name, in_profile, strict) {name, sizeof name - 1, in_profile, strict}

enum { OKTA_FIELDS_MOST = 8 };

enum { SHAPE_KEYS = 64, SHAPE_KEY_MOST = 40 };

/* The keys of the record before, in their order: Okta writes them in one order, so the next ones are compared and not looked for. */
struct okta_shape {
	struct okta_key {
		char text[SHAPE_KEY_MOST]; /* "name": */
		uint8_t length;            /* 0: not known */
		int8_t field;              /* which it is, or -1 */
		bool wanted, profile;      /* is it the first step of what is wanted; the profile itself */
	} keys[2][SHAPE_KEYS];         /* of the record, of its profile */
};

struct okta_record {
	struct okta_shape shape;             /* zeroed at first; for records of one kind and the same fields */
	struct slice raw[OKTA_FIELDS_MOST];  /* by field: the string without its quotes, escapes as they stand; data NULL: absent, null, empty */
	struct slice wanted[WANTED_MOST];    /* likewise, verbatim JSON */
	bool has_object, has_profile;
	const struct okta_field *wrong;      /* a strict field of another type, or NULL */
	struct slice wrong_value;
};

/*
 * Reads the object called name of a line from the cursor, which ends behind the line's object or at its error. The first of fields is
 * the id, which the caller is going to look up among parties.
 */
void okta_record_read(struct okta_record *record, struct json_cursor *cursor, const char *name, const struct okta_field *fields, size_t count,
	const struct wanteds *wanteds, const struct parties *parties);

#endif
