/*
 * The ledger of names given (--names FILE): one JSON object a line,
 *
 *     {"kind":"User","name":"ana.ruiz","id":"00u7k2m9...","since":"2026-11-24T04:00:00Z"}
 *
 * and whatever members a person added, with "left" for a name that its holder no longer uses: it goes to nobody else until the hold is over. Read before the
 * input, replaced after it.
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

struct ledger {
	const char *path;   /* NULL: there is none, and all of these do nothing */
	double hold;        /* seconds */
	bool follow;
	struct publication_mark mark; /* of when it was read */
	struct publication publication;
	struct ledger_note *notes;    /* by number, once they are read */
	size_t note_count;
};

/* Reads the names into both name books. 0, or the exit status after a message: 65 and the line when it is damaged. */
int ledger_read(struct ledger *ledger, const struct settings *settings, struct directory *directory);

/*
 * A record of a party came whose naming rule gives base: does the party keep a name that it has from the ledger? With --names-follow
 * only one that comes from base; the other is then kept for it like the name of somebody who left.
 */
bool ledger_keeps_name(const struct ledger *ledger, struct parties *parties, uint32_t number, const char *base);

/* The input is read: who came back gets the name back, and kept names whose time is over are free. now: seconds since 1970. */
void ledger_settle(const struct ledger *ledger, struct parties *parties, uint32_t now);

/* Writes the new ledger aside. 0, or the exit status after a message: 75 when another run writes it, or did since it was read. */
int ledger_prepare(struct ledger *ledger, struct directory *directory, uint32_t now);

/* Puts it in place, or leaves the file alone when it says the same already. 0, or the exit status after a message. */
int ledger_commit(struct ledger *ledger);

/* What a person noted in the line of the name, or "". */
const char *ledger_note_of(const struct ledger *ledger, const struct parties *parties, uint32_t number, const char *name);

/* Frees what belongs to the ledger; removes what was written aside and not put in place. */
void ledger_free(struct ledger *ledger);

#endif
