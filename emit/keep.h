/*
 * Entities that Backstage would refuse: their last published form stays.
 */
#ifndef KEEP_H
#define KEEP_H

#include "catalog.h"
#include "published.h"
#include "settings.h"

/*
 * Looks up what the invalid rows had published last, says what becomes of each, and leaves the others out. 0, or the exit
 * status after a message.
 */
int keep_invalid(struct catalog *catalog, const struct settings *settings, struct published *published);

#endif
