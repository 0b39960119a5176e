/*
 * Reading okta-fetch's stream into a directory. What is wrong in a line is reported with its number.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "directory.h"
#include "settings.h"

/* 0 with the whole stream read, or the exit status after a message. */
int intake_read(struct directory *directory, const struct settings *settings);

#endif
