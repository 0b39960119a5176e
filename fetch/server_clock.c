#include "server_clock.h"

#include <time.h>

#include "transport.h"

void server_clock_observe(struct server_clock *clock, const char *date)
{
	long long theirs = date ? transport_parse_date(date) : -1;

	if (theirs < 0)
		return;
	clock->offset = theirs - (long long)time(NULL);
	/* A second of difference is the header's resolution, not a wrong clock. */
	if (clock->offset >= -1 && clock->offset <= 1)
		clock->offset = 0;
	clock->known = true;
}

long long server_clock_now(const struct server_clock *clock)
{
	return (long long)time(NULL) + clock->offset;
}

double monotonic_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
