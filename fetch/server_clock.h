/*
 * Okta's time against ours. Assertions and proofs are refused when they come from the future, and
 * rate-limit windows end by Okta's clock, so both are reckoned in the server's time.
 */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <stdbool.h>

struct server_clock {
	long long offset; /* seconds to add to our clock to get Okta's */
	bool known;       /* a Date header was seen */
};

/* Takes the Date header (RFC 9110 section 5.6.7) of an answer that came just now; NULL is ignored. */
void server_clock_observe(struct server_clock *clock, const char *date);

/* Seconds since the epoch by Okta's clock, as far as it is known. */
long long server_clock_now(const struct server_clock *clock);

/* Seconds on a clock that nobody sets, from an arbitrary start. */
double monotonic_now(void);

#endif
