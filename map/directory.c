#include "directory.h"

#include <stdlib.h>

#include "early.h"
#include "memory.h"

/* What more than fifteen thousand people without annotations need: an org of that size needs no file. */
enum { PARTIES_AT_ONCE = 128, KEPT_PIECES = 1024 * 1024 };

void directory_open(struct directory *directory)
{
	memset(directory, 0, sizeof *directory);
	directory->users.what = "user";
	directory->groups.what = "group";
	directory->end_groups = directory->end_users = directory->end_memberships = -1;
	directory->calls = directory->waited_seconds = -1;
	directory->spool = spool_keeping(KEPT_PIECES);
}

uint32_t parties_number_hashed(struct parties *parties, struct slice id, uint64_t hash)
{
	uint32_t known = parties->ids.count, number = id_table_number_hashed(&parties->ids, id, hash);

	if (number < known)
		return number;
	if (number == parties->capacity) {
		parties->capacity = parties->capacity ? parties->capacity * 2 : 256;
		parties->at = memory_resize(parties->at, parties->capacity, sizeof *parties->at);
	}
	memset(&parties->at[number], 0, sizeof *parties->at);
	parties->at[number].above = NOBODY;
	return number;
}

uint32_t parties_number(struct parties *parties, struct slice id)
{
	return parties_number_hashed(parties, id, id_hash(id));
}

void parties_expect(const struct parties *parties, uint64_t hash)
{
	id_table_expect(&parties->ids, hash);
}

void parties_expect_row(const struct parties *parties, uint64_t hash)
{
	uint32_t number = id_table_expect_id(&parties->ids, hash);

	if (number != UINT32_MAX)
		early(&parties->at[number]);
}

void parties_numbers(struct parties *parties, const struct slice *ids, uint32_t *numbers, size_t count)
{
	uint64_t hashes[PARTIES_AT_ONCE];

	for (size_t done = 0; done < count; done += PARTIES_AT_ONCE) {
		size_t n = count - done < PARTIES_AT_ONCE ? count - done : PARTIES_AT_ONCE;

		for (size_t i = 0; i < n; i++) {
			hashes[i] = id_hash(ids[done + i]);
			id_table_expect(&parties->ids, hashes[i]);
		}
		for (size_t i = 0; i < n; i++)
			id_table_expect_id(&parties->ids, hashes[i]);
		for (size_t i = 0; i < n; i++)
			numbers[done + i] = parties_number_hashed(parties, ids[done + i], hashes[i]);
	}
}

struct slice parties_id(const struct parties *parties, uint32_t number)
{
	return id_table_id(&parties->ids, number);
}

bool parties_has(const struct parties *parties, uint32_t number)
{
	return parties->at[number].line != 0 && !parties->at[number].left_out;
}

void parties_leave_out(struct parties *parties, uint32_t number)
{
	parties->at[number].left_out = true;
	parties->count--;
}

int parties_compare_age(const struct parties *parties, uint32_t a, uint32_t b)
{
	uint64_t left = parties->at[a].created, right = parties->at[b].created;

	return left != right ? (left > right) - (left < right) : slice_compare(parties_id(parties, a), parties_id(parties, b));
}

static void parties_free(struct parties *parties)
{
	id_table_free(&parties->ids);
	name_book_free(&parties->book);
	free(parties->at);
	free(parties->since);
	free(parties->okta_names);
	free(parties->give);
}

void directory_free(struct directory *directory)
{
	parties_free(&directory->users);
	parties_free(&directory->groups);
	memberships_free(&directory->memberships);
	arena_free(&directory->names);
	spool_close(&directory->spool);
	free(directory->org_id);
	free(directory->okta_url);
	free(directory->okta_org_id);
	free(directory->fetched_at);
}
