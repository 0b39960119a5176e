/*
 * Keeps to Okta's rate limits: one bucket for each set of endpoints that Okta counts together
 * (reference: developer.okta.com/docs/reference/rate-limits). A bucket is closed while its share is
 * used up, and until its reset after a 429.
 */
#ifndef GOVERNOR_H
#define GOVERNOR_H

#include <stdbool.h>

#include "server_clock.h"

enum bucket { BUCKET_TOKEN, BUCKET_USERS, BUCKET_GROUPS, BUCKET_GROUP, BUCKET_COUNT };

struct governor {
	struct {
		double closed_until; /* monotonic seconds */
		unsigned under_way;
	} buckets[BUCKET_COUNT];
	long share;            /* percent of a limit that this run may use */
	double waited_from;    /* since when some bucket held requests back; 0: none does */
	double waited_seconds; /* in all */
};

/* What one answer said; -1: the header was missing. */
struct rate_limit {
	long limit, remaining;
	long long reset; /* seconds since the epoch, Okta's clock */
};

/* Seconds until a request may go out in the bucket; 0: now. */
double governor_delay(const struct governor *governor, enum bucket bucket);

/* A request went out; an answer came (or will not come). */
void governor_started(struct governor *governor, enum bucket bucket);
void governor_finished(struct governor *governor, enum bucket bucket);

/* Takes the limits of an answer that was not 429; says so at level note when the bucket closes. */
void governor_observe(struct governor *governor, enum bucket bucket, struct rate_limit rate,
	const struct server_clock *clock);

/* A 429 came: closes the bucket until its reset, or for a back-off that grows with attempt (from 1). */
void governor_refused(struct governor *governor, enum bucket bucket, struct rate_limit rate,
	const struct server_clock *clock, unsigned attempt);

/* Tells the governor that requests are (not) held back now; it sums the time. */
void governor_waiting(struct governor *governor, bool waiting);

#endif
