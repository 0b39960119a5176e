/*
 * One user or group of Okta's, read once: the members that okta-map knows and the attributes that its options ask for, as
 * slices of the line.
 */
#ifndef OKTA_RECORD_H
#define OKTA_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "json_cursor.h"
#include "settings.h"
#include "slice.h"

enum { USER_ID_FIELD, USER_STATUS, USER_CREATED, USER_LOGIN, USER_EMAIL, USER_DISPLAY, USER_FIRST, USER_LAST, USER_FIELDS };
enum { GROUP_ID_FIELD, GROUP_CREATED, GROUP_OKTA_TYPE, GROUP_NAME, GROUP_DESCRIPTION, GROUP_FIELDS };

enum { OKTA_FIELDS_MOST = USER_FIELDS };

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

/* Who reads one record after another; zeroed at first. */
struct okta_reader {
	struct okta_shape users, groups;
};

struct okta_record {
	struct slice raw[OKTA_FIELDS_MOST];  /* by field: the string without its quotes, escapes as they stand; data NULL: absent, null, empty */
	struct slice *wanted;                /* likewise, verbatim JSON; room for okta_record_wanted_most, by who reads */
	bool has_object, has_profile;
	const char *wrong;                   /* a field that is neither string nor null, though Okta has it so, or NULL */
	struct slice wrong_value;
	uint64_t hash;                       /* id_hash of raw[0], the id */
	struct json_cursor cursor;           /* behind the line's object, or at its error */
};

/* Reads a line of kind OktaUser or OktaGroup; false, and nothing done, when it is of another kind. */
bool okta_record_read(struct okta_record *record, struct okta_reader *reader, struct slice kind, struct slice line, const struct settings *settings);

/* How many attributes are wanted of a user or of a group, whatever is more. */
size_t okta_record_wanted_most(const struct settings *settings);

#endif
