#include "hierarchy.h"

#include <stdlib.h>

#include "buffer.h"
#include "memory.h"
#include "message.h"

enum { NAMED_MOST = 10 };

/* Cuts the loop that group is part of. */
static void cut(struct parties *groups, uint32_t group)
{
	struct buffer names = BUFFER_EMPTY;
	uint32_t oldest = group, count = 1;

	for (uint32_t i = groups->at[group].above; i != group; i = groups->at[i].above, count++)
		if (parties_compare_age(groups, i, oldest) < 0)
			oldest = i;
	for (uint32_t i = oldest, n = 0; n < count && n < NAMED_MOST; i = groups->at[i].above, n++)
		buffer_add_format(&names, "%s%.*s", n ? ", " : "", SLICE_ARG(parties_id(groups, i)));
	if (count > NAMED_MOST)
		buffer_add_format(&names, " and %lu more", (unsigned long)count - NAMED_MOST);
	warn("groups %s are each below the next in a circle: the oldest, %.*s, gets no parent", buffer_string(&names),
		SLICE_ARG(parties_id(groups, oldest)));
	groups->at[oldest].above = NOBODY;
	buffer_free(&names);
}

void hierarchy_cut_loops(struct parties *groups)
{
	/* By which walk up a group was seen first; a walk that meets itself has found a loop. */
	uint32_t *walk = memory_alloc(((size_t)groups->ids.count + 1) * sizeof *walk);

	for (uint32_t start = 0; start < groups->ids.count; start++) {
		uint32_t i = start;

		if (!parties_has(groups, start))
			continue;
		for (; i != NOBODY && !walk[i]; i = groups->at[i].above)
			walk[i] = start + 1;
		if (i != NOBODY && walk[i] == start + 1)
			cut(groups, i);
	}
	free(walk);
}

uint32_t hierarchy_prune(struct parties *groups)
{
	bool *full = memory_alloc((size_t)groups->ids.count + 1);
	uint32_t pruned = 0;

	for (uint32_t group = 0; group < groups->ids.count; group++)
		if (parties_has(groups, group) && groups->at[group].has_members)
			for (uint32_t i = group; i != NOBODY && !full[i]; i = groups->at[i].above)
				full[i] = true;
	for (uint32_t group = 0; group < groups->ids.count; group++)
		if (parties_has(groups, group) && !full[group]) {
			parties_leave_out(groups, group);
			pruned++;
		}
	free(full);
	return pruned;
}
