/*
 * What Backstage's entity providers apply (EntityProviderMutation of plugin-catalog-node), as JSON.
 */
#ifndef FORMAT_PROVIDER_H
#define FORMAT_PROVIDER_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/*
 * Appends {"entity":{...},"locationKey":"..."}. The entity, which is whole JSON, is as it came, with the annotations
 * backstage.io/managed-by-location and managed-by-origin-location added (location, "type:target") where it has none:
 * Backstage refuses a provider's entity without them.
 */
void format_deferred(struct slice json, const char *location, const char *location_key, struct buffer *text);

/* Appends {"entityRef":"...","locationKey":"..."}, an entity that a delta removes. */
void format_removed(struct slice ref, const char *location_key, struct buffer *text);

/* Takes an item of format_deferred apart: false when the line is none. location_key is raw (json_string.h). */
bool format_deferred_read(struct slice line, struct slice *entity, struct slice *location_key);

#endif
