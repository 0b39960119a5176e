#include "links.h"

#include <stdlib.h>

#include "memory.h"
#include "message.h"

static uint32_t key_number(struct links *links, struct slice key)
{
	uint32_t known = links->keys.count, number = id_table_number(&links->keys, key);

	if (number < known)
		return number;
	if (number == links->capacity) {
		links->capacity = links->capacity ? links->capacity * 2 : 256;
		links->owner = memory_resize(links->owner, links->capacity, sizeof *links->owner);
	}
	links->owner[number] = NOBODY;
	return number;
}

static void take_key(struct links *links, struct parties *parties, uint32_t number, struct slice key)
{
	uint32_t at = key_number(links, key), other = links->owner[at];
	bool older = other == NOBODY || parties_compare_age(parties, number, other) < 0;

	if (other != NOBODY) {
		struct slice first = parties_id(parties, older ? number : other), second = parties_id(parties, older ? other : number);

		warn("%s %.*s and %s %.*s have the same key %.*s: the older one, %.*s, is taken", parties->what, SLICE_ARG(first), parties->what,
			SLICE_ARG(second), SLICE_ARG(key), SLICE_ARG(first));
	}
	if (older)
		links->owner[at] = number;
}

void links_add(struct links *links, struct parties *parties, uint32_t number, struct slice key, struct slice above)
{
	uint32_t named = NOBODY;

	if (key.length && !links->by_id)
		take_key(links, parties, number, key);
	if (above.length)
		named = links->by_id ? parties_number(parties, above) : key_number(links, above);
	parties->at[number].above = named;
}

static struct slice key_text(const struct links *links, const struct parties *parties, uint32_t key)
{
	return links->by_id ? parties_id(parties, key) : id_table_id(&links->keys, key);
}

void links_resolve(struct links *links, struct parties *parties, const char *what, bool each)
{
	for (uint32_t i = 0; i < parties->ids.count; i++) {
		struct party *party = &parties->at[i];
		uint32_t key = party->above;

		if (key == NOBODY || !parties_has(parties, i))
			continue;
		party->above = !links->by_id ? links->owner[key] : parties_has(parties, key) ? key : NOBODY;
		if (party->above == i) {
			links->selves++;
			party->above = NOBODY;
			if (each)
				warn("%s %.*s is its own %s (%.*s): it gets none", parties->what, SLICE_ARG(parties_id(parties, i)), what,
					SLICE_ARG(key_text(links, parties, key)));
		} else if (party->above == NOBODY) {
			links->missing++;
			if (each)
				warn("%s %.*s: its %s %.*s is not there: it gets none", parties->what, SLICE_ARG(parties_id(parties, i)), what,
					SLICE_ARG(key_text(links, parties, key)));
		}
	}
}

void links_free(struct links *links)
{
	id_table_free(&links->keys);
	free(links->owner);
}
