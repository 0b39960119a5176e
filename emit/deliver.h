/*
 * Writing what is to be published to where it goes: standard output, a file, or the parts and the index.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include <stdbool.h>

#include "catalog.h"
#include "difference.h"
#include "published.h"
#include "settings.h"

struct delivery {
	size_t files, written; /* of what can be published: how many there are, and how many were not the same already */
};

/*
 * 0, or the exit status after a message (75: another run is publishing, or did meanwhile); then all files are as they were, or
 * whole and completed by the next run.
 */
int deliver(const struct settings *settings, struct catalog *catalog, const struct published *published,
	const struct difference *difference, struct delivery *delivery);

#endif
