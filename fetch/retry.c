#include "retry.h"

#include <stdlib.h>

#include "message.h"
#include "server_clock.h"

bool retry_later(struct retry *retry, const char *what, const char *why)
{
	/* 0.5, 1, 2, 4 s, and up to a half more, so that readers do not come back together. */
	double seconds = 0.5 * (double)(1u << retry->failures) * (1 + (double)(rand() % 500) / 1000);

	if (++retry->failures >= RETRY_TRIES)
		return false;
	retry->not_before = monotonic_now() + seconds;
	warn("%s: %s; try %u of %d in %.1f s", what, why, retry->failures + 1, RETRY_TRIES, seconds);
	return true;
}
