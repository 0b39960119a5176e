#include "governor.h"

#include <stdlib.h>

#include "message.h"

/* Okta's windows last a minute; a reset further away than that is a clock we do not understand. */
enum { WAIT_LOWEST = 1, WAIT_HIGHEST = 65 };

double governor_delay(const struct governor *governor, enum bucket bucket)
{
	double left = governor->buckets[bucket].closed_until - monotonic_now();

	return left > 0 ? left : 0;
}

void governor_started(struct governor *governor, enum bucket bucket)
{
	governor->buckets[bucket].under_way++;
}

void governor_finished(struct governor *governor, enum bucket bucket)
{
	governor->buckets[bucket].under_way--;
}

/* Up to a second more, so that two readers of one org do not come back at the same moment. */
static double jitter(void)
{
	return (double)(rand() % 1000) / 1000;
}

static void close_bucket(struct governor *governor, enum bucket bucket, double seconds, const char *why)
{
	double until = monotonic_now() + seconds;

	if (until <= governor->buckets[bucket].closed_until)
		return;
	if (governor_delay(governor, bucket) == 0)
		note("%s: waiting %.0f s for Okta's next window", why, seconds);
	governor->buckets[bucket].closed_until = until;
}

static double until_reset(struct rate_limit rate, const struct server_clock *clock)
{
	double seconds = (double)(rate.reset - server_clock_now(clock)) + 1 + jitter();

	if (seconds < WAIT_LOWEST)
		return WAIT_LOWEST;
	return seconds > WAIT_HIGHEST ? WAIT_HIGHEST : seconds;
}

void governor_observe(struct governor *governor, enum bucket bucket, struct rate_limit rate,
	const struct server_clock *clock)
{
	long reserve, free_calls;

	if (rate.limit <= 0 || rate.remaining < 0 || rate.reset <= 0 || bucket == BUCKET_TOKEN)
		return;
	reserve = rate.limit - rate.limit * governor->share / 100;
	free_calls = rate.remaining - reserve - (long)governor->buckets[bucket].under_way;
	if (free_calls <= 0)
		close_bucket(governor, bucket, until_reset(rate, clock), "this run's share of the rate limit is used up");
}

void governor_refused(struct governor *governor, enum bucket bucket, struct rate_limit rate,
	const struct server_clock *clock, unsigned attempt)
{
	/* Limit and remaining both 0: too many at once, and the reset is only a guess. */
	bool concurrency = rate.limit == 0 && rate.remaining == 0;
	double backoff = (double)(1u << (attempt < 5 ? attempt : 5)) / 2 + jitter();

	if (rate.reset > 0 && !concurrency)
		backoff = until_reset(rate, clock);
	close_bucket(governor, bucket, backoff, concurrency
		? "Okta has too many requests under way (429)" : "Okta's rate limit is used up (429)");
}

void governor_waiting(struct governor *governor, bool waiting)
{
	double now = monotonic_now();

	if (governor->waited_from > 0)
		governor->waited_seconds += now - governor->waited_from;
	governor->waited_from = waiting ? now : 0;
}
