/*
 * Durations, counts and shares as people write them on a command line.
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stdbool.h>

/* "30s", "5m", "1.5h", "2 days", "90" (seconds), "250ms" to seconds; false when it is none or not positive. */
bool quantity_duration(const char *text, double *seconds);

/* A decimal number within bounds, nothing around it. */
bool quantity_number(const char *text, long minimum, long maximum, long *value);

/* "20" to *count (is_share false) or "10%" to *count (is_share true, 0..100). */
bool quantity_count_or_share(const char *text, long *count, bool *is_share);

#endif
