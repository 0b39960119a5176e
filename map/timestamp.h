/*
 * Times as the streams have them, RFC 3339 in UTC, and as seconds since 1970.
 */
#ifndef TIMESTAMP_H
#define TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "slice.h"

enum { TIMESTAMP_SIZE = 21 };

/* 2026-11-24T04:00:00Z, fractions of seconds ignored, or a day alone. False when it is none, or not from 1970 to 2106. */
bool timestamp_parse(struct slice text, uint32_t *seconds);

/* Writes 2026-11-24T04:00:00Z and a NUL. */
void timestamp_format(uint32_t seconds, char text[TIMESTAMP_SIZE]);

/* What orders "created" stamps by time: their digits as one number. No two different stamps of Okta's have the same. */
uint64_t timestamp_order(struct slice text);

#endif
