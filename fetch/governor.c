#include "governor.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

/* Okta's windows last a minute; a reset further away than that is a clock we do not understand. */
enum { WAIT_LOWEST = 1, WAIT_HIGHEST = 65 };

/* Calls left alone for each other user of the limit, beside as many as we have under way; and how many others are reckoned with. */
enum { OTHERS_MARGIN = 3, OTHERS_MOST = 4 };

static const char *const bucket_names[] = {"/oauth2/v1/token",
	"/.well-known/okta-organization", "/api/v1/users", "/api/v1/groups",
	"/api/v1/groups/ID"};

void governor_init(struct governor *governor, long share)
{
	memset(governor, 0, sizeof *governor);
	governor->share = share;
	for (int i = 0; i < BUCKET_COUNT; i++) {
		governor->buckets[i].probe = true;
		governor->buckets[i].demand = GOVERNOR_DEMAND_UNKNOWN;
	}
}

/* Up to a second more, so that two readers of one org do not come back at the same moment. */
static double jitter(void)
{
	return (double)(rand() % 1000) / 1000;
}

static long quota(const struct governor *governor, const struct governor_bucket *bucket)
{
	long calls = bucket->limit * governor->share / 100;

	return calls ? calls : 1;
}

/* How many others seem to use the limit, going by what is used of it and was not by us. */
static long others_of(const struct governor_bucket *bucket)
{
	long theirs = bucket->limit - bucket->remaining - bucket->used;
	long others = theirs > 0 ? (theirs + bucket->used - 1) / (bucket->used ? bucket->used : 1) : 0;

	return others < OTHERS_MOST ? others : OTHERS_MOST;
}

/* Calls that this run may still begin in the window. */
static long calls_left(const struct governor *governor, const struct governor_bucket *bucket)
{
	long ours = quota(governor, bucket) - bucket->used;
	/* What is under way may not be counted in the answers yet. */
	long theirs = bucket->remaining - (long)bucket->under_way;

	theirs -= others_of(bucket) * (OTHERS_MARGIN + (long)bucket->under_way);
	return ours < theirs ? ours : theirs;
}

/* The window is over: the next call begins another one and tells what there is. */
static void end_window(struct governor_bucket *bucket)
{
	bucket->limit = 0;
	bucket->used = 0;
	bucket->probe = true;
	bucket->next_start = 0;
	bucket->spent = false;
}

static double sooner_of(double a, double b)
{
	return a < b ? a : b;
}

/* Seconds until the window ends. */
static double until_end(const struct governor_bucket *bucket, const struct server_clock *clock)
{
	double latest = bucket->ends_by - monotonic_now();

	return bucket->blind ? latest : sooner_of(bucket->reset - server_clock_now(clock), latest);
}

static double later_of(double a, double b)
{
	return a > b ? a : b;
}

double governor_delay(struct governor *governor, enum bucket which, const struct server_clock *clock)
{
	struct governor_bucket *bucket = &governor->buckets[which];
	double now = monotonic_now(), to_reset = until_end(bucket, clock);
	double delay = later_of(later_of(bucket->closed_until, bucket->next_start) - now, 0);

	if (which == BUCKET_TOKEN)
		return later_of(bucket->closed_until - now, 0);
	if (bucket->limit && to_reset <= 0)
		end_window(bucket);
	if (bucket->probe && bucket->under_way)
		return 1; /* its answer comes first */
	if (!bucket->limit)
		return later_of(bucket->closed_until - now, 0);
	if (calls_left(governor, bucket) > 0)
		return delay;
	if (!bucket->spent)
		note("%s: this run's share of the rate limit (%ld of %ld) is used up, or others have used it: waiting %.0f s for "
			"Okta's next window", bucket_names[which], quota(governor, bucket), bucket->limit, to_reset);
	bucket->spent = true;
	return later_of(delay, to_reset);
}

/* The first half of a share may go out at once, unless others are there; what is left then gets its turns. */
static double pause_after(const struct governor *governor, const struct governor_bucket *bucket,
	const struct server_clock *clock)
{
	long left = calls_left(governor, bucket);
	double to_reset = until_end(bucket, clock);

	if (left <= 0 || to_reset <= 0 || (bucket->used * 2 < quota(governor, bucket) && !others_of(bucket)))
		return 0;
	if (!others_of(bucket) && bucket->demand != GOVERNOR_DEMAND_UNKNOWN && bucket->demand <= left)
		return 0;
	return to_reset / (double)left;
}

void governor_started(struct governor *governor, enum bucket which, const struct server_clock *clock)
{
	struct governor_bucket *bucket = &governor->buckets[which];

	bucket->under_way++;
	bucket->used++;
	if (bucket->limit)
		bucket->next_start = later_of(bucket->next_start, monotonic_now() - 1) + pause_after(governor, bucket, clock);
}

void governor_finished(struct governor *governor, enum bucket bucket)
{
	governor->buckets[bucket].under_way--;
}

void governor_observe(struct governor *governor, enum bucket which, struct rate_limit rate, const struct server_clock *clock)
{
	struct governor_bucket *bucket = &governor->buckets[which];
	double reset = (double)rate.reset;

	if (monotonic_now() >= bucket->closed_until)
		bucket->probe = false;
	if (rate.limit <= 0 || rate.remaining < 0 || rate.reset <= 0)
		return;
	if (bucket->limit && reset < bucket->reset - 1)
		return; /* a late answer, of a window that is over */
	if (!bucket->limit || reset > bucket->reset + 1) {
		/* Another window. What is under way is counted in it, to be sure. */
		bucket->remaining = rate.remaining;
		bucket->used = (long)bucket->under_way + 1;
		bucket->next_start = 0;
		bucket->ends_by = monotonic_now() + WAIT_HIGHEST;
		bucket->blind = reset <= server_clock_now(clock);
		bucket->spent = false;
	} else if (rate.remaining < bucket->remaining) {
		bucket->remaining = rate.remaining;
	}
	bucket->limit = rate.limit;
	bucket->reset = reset;
}

static double until_reset(struct rate_limit rate, const struct server_clock *clock)
{
	double seconds = (double)rate.reset - server_clock_now(clock);

	return (seconds < WAIT_LOWEST ? WAIT_LOWEST : seconds > WAIT_HIGHEST ? WAIT_HIGHEST : seconds) + 1 + jitter();
}

/* Okta has said no: nothing for so long, and one call alone after it. What was used of the window stays used. */
static void pause_bucket(struct governor_bucket *bucket, double seconds)
{
	bucket->probe = true;
	bucket->closed_until = later_of(bucket->closed_until, monotonic_now() + seconds);
}

enum refusal governor_refused(struct governor *governor, enum bucket which, struct rate_limit rate,
	const struct server_clock *clock, unsigned attempt)
{
	struct governor_bucket *bucket = &governor->buckets[which];
	double backoff = (double)(1u << (attempt < 4 ? attempt : 4)) / 2 + jitter(), now = monotonic_now();

	/* Limit and remaining both 0: too many requests at the same time, in the whole org; the reset is only a guess. */
	if (rate.limit == 0 && rate.remaining == 0) {
		if (bucket->closed_until <= now)
			note("%s: too many requests at the same time in the org (429): waiting %.1f s", bucket_names[which], backoff);
		for (int i = 0; i < BUCKET_COUNT; i++)
			pause_bucket(&governor->buckets[i], backoff);
		return REFUSED_CONCURRENCY;
	}
	if (rate.reset > 0)
		backoff = until_reset(rate, clock);
	if (bucket->closed_until <= now)
		note("%s: Okta's rate limit is used up (429): waiting %.0f s for its next window", bucket_names[which], backoff);
	end_window(bucket);
	pause_bucket(bucket, backoff);
	return REFUSED_RATE;
}

void governor_waiting(struct governor *governor, bool waiting)
{
	double now = monotonic_now();

	if (governor->waited_from > 0)
		governor->waited_seconds += now - governor->waited_from;
	governor->waited_from = waiting ? now : 0;
}
