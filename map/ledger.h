/*
 * The ledger of assigned names (--names FILE): a header, then one JSON object a
 * line for each name,
 *
 *     {"kind":"User","name":"ana.ruiz","id":"00u7k2m9...",
 *      "since":"2026-11-24T04:00:00Z"}
 *
 * with "left" for a name that its holder no longer uses: nobody else gets the
 * name until its hold has ended. Read before the input, replaced after it.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "directory.h"
#include "publish.h"
#include "settings.h"

/* Members that a person added to a line: they stay with its name. */
struct ledger_note {
	const struct parties *parties; /* users or groups */
	uint32_t number; /* of the name's holder */
	const char *name;
	const char *members; /* verbatim: ,"comment":"..." */
};

/* Names whose holds a run reports: how many, and the first few. */
struct ledger_names {
	uint32_t count;
	struct buffer text;
};

struct ledger {
	const char *path; /* NULL: no ledger is read or written */
	bool exists; /* the file existed and was not empty */
	bool readonly; /* the file is never written */
	double hold; /* seconds that a name is kept after its holder left */
	bool follow; /* a rename in Okta renames the entity */
	struct publication_mark mark; /* which file was read */
	struct publication publication; /* the new ledger */
	struct ledger_note *notes; /* sorted once the ledger is read */
	size_t note_count;

	/* The header as it was read; NULL: absent. */
	char *org_id, *okta_url, *name_space, *hold_text, *members;
	uint32_t fetched; /* seconds since 1970; 0: absent */
	uint32_t latest; /* the latest since or left of all lines */
	const char *latest_what, *latest_name; /* "user", and its name */
	uint32_t live; /* names whose holders had not left */
	struct ledger_names expired; /* holds first found over in this run */
	struct ledger_names ended; /* holds that this run ended */
};

/*
 * Reads the names into both name books, from the ledger or, if it does not
 * exist, from the catalog of --names-from. 0, or the exit status after a
 * message: 65 with the line if one of them is damaged, 78 if the ledger is not
 * a regular file.
 */
int ledger_read(struct ledger *ledger, const struct settings *settings,
	struct directory *directory);

/*
 * Call when OktaOrg was read. Compares its orgId with those of the ledger and
 * of --expect-org; an unknown one equals any. 0, or 78 after a message if they
 * differ.
 */
int ledger_check_org(const struct ledger *ledger,
	const struct settings *settings, const struct directory *directory);

/*
 * Call when the whole stream was read. If an orgId is unknown, the ledger is of
 * this org if the stream has one of its Okta ids. Notes a new address and
 * another namespace. 0, or 78 after a message.
 */
int ledger_check_ids(const struct ledger *ledger,
	const struct settings *settings, const struct directory *directory);

/*
 * Call for each user or group of the stream. base: the name that the naming
 * rule gives. True if the party keeps the name that it has from the ledger;
 * with --names-follow only if that name is made of base. If not, the ledger's
 * name is held for the party.
 */
bool ledger_keeps_name(const struct ledger *ledger, struct parties *parties,
	uint32_t number, const char *base);

/*
 * Call when the whole stream was read, after ledger_check_time. Gives names
 * back to holders who returned, and ends holds that this run and one of an
 * earlier time found over. now: seconds since 1970.
 */
void ledger_settle(
	struct ledger *ledger, struct parties *parties, uint32_t now);

/*
 * Warns if the stream is older than the run before: no hold ends then. Warns
 * also if a line has a later time than the stream.
 */
void ledger_check_time(const struct ledger *ledger, uint32_t now);

/* Reports the holds that ended, and those that the next run may end. */
void ledger_report_holds(const struct ledger *ledger);

/*
 * The "left" of a holder whom this run is the first to miss: now, or the latest
 * time of the ledger if that is later, so that a clock that is behind shortens
 * no hold. Seconds since 1970.
 */
uint32_t ledger_leaving_time(const struct ledger *ledger, uint32_t now);

/*
 * Appends the command that passes the name of a holder who is gone to the party
 * with this number. After ledger_settle, with a ledger (parties->give). The
 * command names the holder if the ledger that was read does not say that the
 * holder has left.
 */
void ledger_add_give(struct buffer *text, const struct parties *parties,
	uint32_t holder, uint32_t number);

/* Records when the party got the name that it has now: seconds since 1970. */
void ledger_set_since(struct parties *parties, uint32_t number, uint32_t since);

/*
 * Writes the new ledger to a temporary file beside the old one. 0, or the exit
 * status after a message: 75 if another run is writing the ledger, or replaced
 * it after this run had read it; 73 or 74 if it cannot be written.
 */
int ledger_prepare(struct ledger *ledger, const struct settings *settings,
	struct directory *directory, uint32_t now);

/*
 * Replaces the ledger by what ledger_prepare wrote, unless both are the same.
 * 0, or 74 after a message.
 */
int ledger_commit(struct ledger *ledger);

/* The members that a person added to the line of the name, or "". */
const char *ledger_note_of(const struct ledger *ledger,
	const struct parties *parties, uint32_t number, const char *name);

/* Sorts the notes: needed before ledger_note_of. */
void ledger_sort_notes(struct ledger *ledger);

/* Frees the ledger's memory. Removes a temporary file that is not in place. */
void ledger_free(struct ledger *ledger);

#endif
