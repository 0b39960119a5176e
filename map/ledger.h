/*
 * The ledger of assigned names (--names FILE): a header, then one JSON object a
 * line for each name,
 *
 *     {"kind":"User","name":"ana.ruiz","id":"00u7k2m9...","since":"2026-11-24T04:00:00Z"}
 *
 * with "left" for a name that its holder no longer uses: nobody else gets the
 * name until its hold has ended. Read before the input, replaced after it.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "directory.h"
#include "publish.h"
#include "settings.h"

/* Members of a line that are not ours, which a person put there: they stay with the name. */
struct ledger_note {
	const struct parties *parties;
	uint32_t number;
	const char *name, *members; /* ,"comment":"..." */
};

/* Names whose holds a run reports: how many, and the first few. */
struct ledger_names {
	uint32_t count;
	struct buffer text;
};

struct ledger {
	const char *path; /* NULL: none, and nothing is written */
	bool exists; /* the file was there and not empty */
	bool readonly;
	double hold;        /* seconds */
	bool follow;
	struct publication_mark mark; /* of when it was read */
	struct publication publication;
	struct ledger_note *notes;    /* by number, once they are read */
	size_t note_count;

	/* The header; NULL: absent. */
	char *org_id, *okta_url, *name_space, *hold_text, *members;
	uint32_t fetched; /* 0: absent */
	uint32_t latest; /* the latest time of any line */
	const char *latest_what, *latest_name; /* "user", and its name */
	uint32_t live; /* names that were read and have not left */
	struct ledger_names expired, ended; /* holds, in this run */
};

/*
 * Reads the names into both name books, from the ledger or, if there is none,
 * from the catalog of --names-from. 0, or the exit status after a message: 65
 * with the line if one of them is damaged, 78 if it is not a regular file.
 */
int ledger_read(struct ledger *ledger, const struct settings *settings, struct directory *directory);

/*
 * OktaOrg was read: is this the org that --expect-org and the ledger name?
 * True also if one of them is unknown. 0, or 78 after a message.
 */
int ledger_check_org(const struct ledger *ledger,
	const struct settings *settings, const struct directory *directory);

/*
 * The stream was read: if the orgs are unknown, is any id of the ledger in it?
 * Notes a new address and another namespace. 0, or 78 after a message.
 */
int ledger_check_ids(const struct ledger *ledger,
	const struct settings *settings, const struct directory *directory);

/*
 * A record of a party came whose naming rule gives base: does the party keep a name that it has from the ledger? With --names-follow
 * only one that comes from base; the other is then kept for it like the name of somebody who left.
 */
bool ledger_keeps_name(const struct ledger *ledger, struct parties *parties, uint32_t number, const char *base);

/*
 * The input is read: gives names back to holders who returned, and ends holds
 * that this run and one of an earlier time found over. now: seconds since 1970. Before
 * the first call of a run: ledger_check_time.
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
 * When a holder who is gone now has left: never before any time of the ledger,
 * so that a wrong clock shortens no hold.
 */
uint32_t ledger_leaving_time(const struct ledger *ledger, uint32_t now);

/* Notes when the party got the name that it has now. */
void ledger_set_since(struct parties *parties, uint32_t number, uint32_t since);

/* Writes the new ledger aside. 0, or the exit status after a message: 75 when another run writes it, or did since it was read. */
int ledger_prepare(struct ledger *ledger, const struct settings *settings,
	struct directory *directory, uint32_t now);

/* Puts it in place, or leaves the file alone when it says the same already. 0, or the exit status after a message. */
int ledger_commit(struct ledger *ledger);

/* What a person noted in the line of the name, or "". */
const char *ledger_note_of(const struct ledger *ledger, const struct parties *parties, uint32_t number, const char *name);

/* Puts the notes in the order that ledger_note_of needs. */
void ledger_sort_notes(struct ledger *ledger);

/* Frees what belongs to the ledger; removes what was written aside and not put in place. */
void ledger_free(struct ledger *ledger);

#endif
