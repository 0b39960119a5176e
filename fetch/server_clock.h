/*
 * Okta's time against ours. Assertions and proofs are refused when they come from the future, and
 * rate-limit windows end by Okta's clock, so both are reckoned in the server's time.
 *
 * Once an answer has told it, Okta's time is carried on by a clock that nobody sets: a correction of this machine's
 * clock in the middle of a run changes nothing.
 */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <stdbool.h>

struct server_clock {
	double ahead;     /* Okta's time less the monotonic clock's, in seconds */
	long long offset; /* seconds to add to our clock to get Okta's, as the last answer had it; for messages */
	bool known;       /* a Date header was seen */
	bool distrusted;  /* Okta refused what was made by its Date: this machine's clock serves */
};

/* Takes the Date header (RFC 9110 section 5.6.7) of an answer that came just now; NULL is ignored. */
void server_clock_observe(struct server_clock *clock, const char *date);

/* Forgets what was seen before, and takes this one. */
void server_clock_set(struct server_clock *clock, const char *date);

/* From now on this machine's clock serves, whatever the answers say. */
void server_clock_distrust(struct server_clock *clock);

/* Seconds since the epoch by Okta's clock, as far as it is known; never later than it. */
double server_clock_now(const struct server_clock *clock);

/* Seconds on a clock that nobody sets, from an arbitrary start. */
double monotonic_now(void);

#endif
