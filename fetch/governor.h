/*
 * Keeps to Okta's rate limits, one bucket for each set of endpoints that Okta counts together
 * (developer.okta.com/docs/reference/rate-limits; windows of a minute that begin with a first call).
 *
 * Of each window this run uses its share of the limit, and never what the answers say is not there. The first half of
 * it may go out at once; the rest is spread over the window, unless all that is still wanted fits into it. One call
 * begins a window alone, to learn what others have used. After a 429 nothing goes out before the reset.
 */
#ifndef GOVERNOR_H
#define GOVERNOR_H

#include <stdbool.h>

#include "server_clock.h"

/* BUCKET_ORG: the org's own description, which Okta does not limit: its answers
 * have no headers to count by, but a proxy's 429 is waited for. */
enum bucket {
	BUCKET_TOKEN, BUCKET_ORG, BUCKET_USERS, BUCKET_GROUPS, BUCKET_GROUP,
	BUCKET_COUNT
};

enum { GOVERNOR_DEMAND_UNKNOWN = -1 };

struct governor_bucket {
	long limit, remaining; /* of the window, as the answers had it; limit 0: no answer has told */
	double reset;          /* the window's end, by Okta's clock */
	double ends_by;        /* monotonic: the latest that it can end, whatever the reset says */
	bool blind;            /* the reset was past when it came: a Date that is wrong; ends_by alone tells */
	long used;             /* calls of ours in the window */
	long demand;           /* calls that are wanted beside those under way, or GOVERNOR_DEMAND_UNKNOWN */
	unsigned under_way;
	bool probe;            /* the next call goes out alone */
	double next_start;     /* monotonic: when the next call's turn is */
	double closed_until;   /* monotonic: after a 429 */
	bool spent;            /* said so */
};

struct governor {
	struct governor_bucket buckets[BUCKET_COUNT];
	long share;            /* percent of a limit that this run may use */
	double waited_from;    /* since when limits hold requests back; 0: they do not */
	double waited_seconds; /* in all */
};

/* What one answer said; -1: the header was missing. */
struct rate_limit {
	long limit, remaining;
	long long reset; /* seconds since the epoch, Okta's clock */
};

/* Before the first request: how much of each limit (percent) is this run's. */
void governor_init(struct governor *governor, long share);

/* Seconds until a request may go out in the bucket; 0: now. Says at level note when the run's share is used up. */
double governor_delay(struct governor *governor, enum bucket bucket, const struct server_clock *clock);

/* A request went out; an answer came (or will not come). */
void governor_started(struct governor *governor, enum bucket bucket, const struct server_clock *clock);
void governor_finished(struct governor *governor, enum bucket bucket);

/* Takes the limits of an answer that was not 429. */
void governor_observe(struct governor *governor, enum bucket bucket, struct rate_limit rate, const struct server_clock *clock);

enum refusal { REFUSED_RATE, REFUSED_CONCURRENCY };

/*
 * A 429 came: closes the bucket until its reset and a second more, or for a back-off that grows with attempt (from 1).
 * Tells which of Okta's limits it was; the one for requests at the same time closes all buckets for the back-off.
 */
enum refusal governor_refused(struct governor *governor, enum bucket bucket, struct rate_limit rate,
	const struct server_clock *clock, unsigned attempt);

/* Tells the governor that requests are (not) held back now; it sums the time. */
void governor_waiting(struct governor *governor, bool waiting);

#endif
