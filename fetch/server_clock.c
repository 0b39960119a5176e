#include "server_clock.h"

#include <time.h>

#include "transport.h"

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double monotonic_now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

void server_clock_observe(struct server_clock *clock, const char *date)
{
	long long theirs = date ? transport_parse_date(date) : -1;
	double ahead;

	if (theirs < 0 || clock->distrusted)
		return;
	/* Date is cut to whole seconds and comes late: the greatest difference seen is the nearest to the truth. */
	ahead = (double)theirs - monotonic_now();
	if (!clock->known || ahead > clock->ahead)
		clock->ahead = ahead;
	clock->known = true;
	clock->offset = theirs - (long long)time(NULL);
	/* A second of difference is the header's resolution, not a wrong clock. */
	if (clock->offset >= -1 && clock->offset <= 1)
		clock->offset = 0;
}

void server_clock_set(struct server_clock *clock, const char *date)
{
	clock->known = false;
	server_clock_observe(clock, date);
}

void server_clock_distrust(struct server_clock *clock)
{
	*clock = (struct server_clock){.distrusted = true};
}

double server_clock_now(const struct server_clock *clock)
{
	return clock->known ? monotonic_now() + clock->ahead : seconds_of(CLOCK_REALTIME);
}
