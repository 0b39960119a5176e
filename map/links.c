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

static void add_rival(struct links *links, uint32_t key, uint32_t number)
{
	if (links->rival_count == links->rival_capacity) {
		links->rival_capacity = links->rival_capacity ? links->rival_capacity * 2 : 16;
		links->rivals = memory_resize(links->rivals, links->rival_capacity, sizeof *links->rivals);
	}
	links->rivals[links->rival_count++] = (struct rival){key, number, NULL, NULL};
}

static void take_key(struct links *links, struct parties *parties, uint32_t number, struct slice key)
{
	uint32_t at = key_number(links, key), other = links->owner[at];
	bool older = other == NOBODY || parties_compare_age(parties, number, other) < 0;

	if (other != NOBODY)
		add_rival(links, at, older ? other : number);
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

static int by_key_and_age(const void *left, const void *right)
{
	const struct rival *a = left, *b = right;

	return a->key != b->key ? slice_compare(id_table_id(&a->links->keys, a->key), id_table_id(&b->links->keys, b->key))
		: parties_compare_age(a->parties, a->number, b->number);
}

/* Those whose key an older one has, too: a line each, whatever the order of the input was. */
static void tell_rivals(struct links *links, const struct parties *parties)
{
	for (uint32_t i = 0; i < links->rival_count; i++) {
		links->rivals[i].links = links;
		links->rivals[i].parties = parties;
	}
	if (links->rival_count)
		qsort(links->rivals, links->rival_count, sizeof *links->rivals, by_key_and_age);
	for (uint32_t i = 0; i < links->rival_count; i++) {
		struct slice key = id_table_id(&links->keys, links->rivals[i].key), first = parties_id(parties, links->owner[links->rivals[i].key]);

		warn("%s %.*s and %s %.*s have the same key %.*s: the oldest, %.*s, is taken", parties->what, SLICE_ARG(first), parties->what,
			SLICE_ARG(parties_id(parties, links->rivals[i].number)), SLICE_ARG(key), SLICE_ARG(first));
	}
}

void links_resolve(struct links *links, struct parties *parties, const char *what, bool each)
{
	tell_rivals(links, parties);
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
	free(links->rivals);
}
