/*
 * When one request is worth another try, and when it is given up.
 */
#ifndef RETRY_H
#define RETRY_H

#include <stdbool.h>

enum { RETRY_TRIES = 5 };

/* One request's tries; zeroed at the start. */
struct retry {
	unsigned failures;
	double not_before; /* monotonic seconds */
};

/*
 * Counts a failure (why, in words) of the request called what. True: try again at not_before, and a line says
 * so; false: it was the last try.
 */
bool retry_later(struct retry *retry, const char *what, const char *why);

#endif
