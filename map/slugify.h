/*
 * npm's slugify, exactly, as RoadieHQ's provider calls it for e-mail addresses.
 */
#ifndef SLUGIFY_H
#define SLUGIFY_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/* Appends slugify(local, {lower, trim, remove: /[+]/g}) + "-" + slugify(domain, {lower, trim}); false without an @. */
bool slugify_add_email(struct buffer *name, struct slice email);

#endif
