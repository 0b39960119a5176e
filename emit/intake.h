/*
 * Reading the streams of entities into the catalog.
 */
#ifndef EMIT_INTAKE_H
#define EMIT_INTAKE_H

#include "catalog.h"
#include "settings.h"

/* Reads all inputs; what is invalid has a row, too. The rows are sorted. 0, or the exit status after a message. */
int catalog_read(struct catalog *catalog, const struct settings *settings);

#endif
