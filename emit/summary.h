/*
 * What was done, in a line for people and as JSON for machines.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>

#include "catalog.h"
#include "deliver.h"
#include "difference.h"
#include "publish.h"
#include "settings.h"

/* The line. */
void summary_print(const struct settings *settings, const struct catalog *catalog, const struct published *published,
	const struct difference *difference, const struct delivery *delivery);

/* Begins the file at settings->summary_file, if one is asked for. 0, or the exit status after a message (publish.h). */
int summary_begin(const struct settings *settings, struct publication *publication);

/* Writes what was begun. 0, or the exit status after a message (74). */
int summary_write(const struct settings *settings, struct catalog *catalog, const struct published *published,
	struct difference *difference, int status, struct publication *publication);

#endif
