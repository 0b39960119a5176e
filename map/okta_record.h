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

enum { SHAPE_KEYS = 64 };

/*
 * The keys of earlier records, each linked with the one that stood behind it last: Okta writes them in one order, though not all of them in
 * each record, so the next ones are compared and not looked for.
 */
struct okta_shape {
	struct okta_key {
		struct json_key key;
		int8_t field;    /* which it is, or -1 */
		bool profile;    /* the profile itself */
		bool asked;      /* is it the first step of what is wanted */
	} keys[SHAPE_KEYS];
	size_t count;
	struct json_key *first;
};

/* Who reads one record after another; zeroed at first, and where it stands it stays. */
struct okta_reader {
	struct okta_shape users[2], groups[2]; /* of the record, of its profile */
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
