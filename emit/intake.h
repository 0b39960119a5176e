/*
 * Reading the streams of entities into the catalog.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "catalog.h"
#include "settings.h"

/* Reads all inputs; what is invalid has a row, too. The rows are sorted. 0, or the exit status after a message. */
int intake_read(struct catalog *catalog, const struct settings *settings);

#endif
