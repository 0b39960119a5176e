/*
 * The guard: a publication after which too much would be gone is for a person to decide.
 */
#ifndef GUARD_H
#define GUARD_H

#include "catalog.h"
#include "difference.h"
#include "settings.h"

/* 0, or STATUS_GUARD after a message that says what would vanish and how to let it pass. */
int guard_check(const struct settings *settings, struct catalog *catalog, const struct published *published,
	struct difference *difference);

#endif
