/* Ids to numbers, names in order, memberships to rows, times, pieces that wait in a spool. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "arena.h"
#include "map/directory.h"
#include "map/id_table.h"
#include "map/name_order.h"
#include "map/pieces.h"
#include "map/timestamp.h"

static struct slice make_id(char *text, size_t size, unsigned n)
{
	/* Of all lengths around what is kept in place. */
	snprintf(text, size, "%.*s%u", (int)(n % 40), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", n);
	return slice_of_string(text);
}

static void ids_have_numbers_for_good(void **state)
{
	struct id_table table = {0};
	char text[64];

	(void)state;
	for (unsigned n = 0; n < 20000; n++)
		assert_int_equal(id_table_number(&table, make_id(text, sizeof text, n)), n);
	for (unsigned n = 0; n < 20000; n++) {
		struct slice id = make_id(text, sizeof text, n);

		assert_int_equal(id_table_number(&table, id), n);
		assert_true(slice_same(id_table_id(&table, n), id));
	}
	id_table_free(&table);
}

static int by_name(const void *left, const void *right)
{
	return strcasecmp(*(const char *const *)left, *(const char *const *)right);
}

/* With so many different stems. */
static void sort_names(int stems)
{
	static const char *const ends[] = {"", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", ".x", "-a", "_b", "Z", "zz"};
	enum { ENDS = sizeof ends / sizeof *ends };
	int count = stems * ENDS;
	struct parties parties = {.what = "user"};
	const char **names = calloc((size_t)count, sizeof *names);
	struct arena arena = {0};
	uint32_t *order;
	char name[64];

	for (int i = 0; i < count; i++) {
		int k = (i * 7919) % count;

		snprintf(name, sizeof name, "%s%d%s", k % 3 ? "ana.ruiz" : "Ana.Ruiz", k / ENDS, ends[k % ENDS]);
		names[i] = arena_copy(&arena, slice_of_string(name));
	}
	qsort(names, (size_t)count, sizeof *names, by_name);
	/* Each name once, in an order that is none. */
	for (int i = 0; i < count; i++) {
		int k = (i * 2741) % count;
		uint32_t number;

		if (k && strcasecmp(names[k], names[k - 1]) == 0)
			continue;
		snprintf(name, sizeof name, "id%d", i);
		number = parties_number(&parties, slice_of_string(name));
		parties.at[number].name = names[k];
		parties.at[number].line = 1;
		parties.count++;
	}
	order = name_order(&parties);
	for (uint32_t i = 1; i < parties.count; i++)
		assert_true(strcasecmp(parties.at[order[i - 1]].name, parties.at[order[i]].name) < 0);
	free(order);
	free(names);
	free(parties.at);
	id_table_free(&parties.ids);
	arena_free(&arena);
}

static void names_are_sorted_without_case(void **state)
{
	(void)state;
	sort_names(200);
	sort_names(3000); /* by several threads */
}

static void memberships_become_rows(void **state)
{
	struct directory d;
	uint32_t order[] = {1, 0};

	(void)state;
	directory_open(&d);
	for (int i = 0; i < 3; i++) {
		char id[16];
		uint32_t user, group;

		snprintf(id, sizeof id, "x%d", i);
		user = parties_number(&d.users, slice_of_string(id));
		group = parties_number(&d.groups, slice_of_string(id));
		d.users.at[user].line = i != 2;
		d.groups.at[group].line = i != 2;
	}
	memberships_add(&d.memberships, 0, 1);
	memberships_add(&d.memberships, 1, 1);
	memberships_add(&d.memberships, 0, 1); /* twice */
	memberships_add(&d.memberships, 1, 0);
	memberships_add(&d.memberships, 0, 2); /* of nobody */
	memberships_add(&d.memberships, 2, 0); /* in no group */
	memberships_settle(&d.memberships, &d.users, &d.groups);
	assert_int_equal(d.memberships.count, 6);
	assert_int_equal(d.memberships.of_strangers, 1);
	assert_int_equal(d.memberships.in_strangers, 1);
	assert_true(d.groups.at[0].has_members && d.groups.at[1].has_members && !d.groups.at[2].has_members);
	adjacency_turn(&d.memberships.groups, &d.memberships.members, 3, order, 2);
	assert_int_equal(d.memberships.groups.start[1], 1);
	assert_int_equal(d.memberships.groups.start[2], 4);
	assert_int_equal(d.memberships.groups.start[3], 4);
	assert_int_equal(d.memberships.groups.to[0], 1);
	assert_int_equal(d.memberships.groups.to[1], 1);
	assert_int_equal(d.memberships.groups.to[2], 0);
	assert_int_equal(d.memberships.groups.to[3], 0);
	directory_free(&d);
}

static void pieces_come_back(size_t keep)
{
	struct spool spool = spool_keeping(keep);
	struct pieces pieces = {0};
	struct party parties[300] = {{0}};

	for (size_t i = 0; i < 300; i++) {
		pieces_clear(&pieces);
		pieces_begin(&pieces, PIECE_LOGIN);
		buffer_add_format(&pieces.bytes, "\"login%zu\"", i);
		pieces_begin(&pieces, PIECE_EMAIL);
		buffer_add_format(&pieces.bytes, "\"%s%zu\"", i % 3 ? "login" : "email", i);
		pieces_begin(&pieces, PIECE_ANNOTATIONS);
		for (size_t k = 0; k < i * 10; k++)
			buffer_add_byte(&pieces.bytes, (char)('a' + k % 26));
		assert_true(pieces_store(&pieces, &spool, &parties[i]));
	}
	for (size_t i = 300; i--;) {
		char text[40];

		assert_true(pieces_load(&pieces, &spool, &parties[i]));
		assert_int_equal(pieces.found[PIECE_TITLE].length, 0);
		snprintf(text, sizeof text, "\"login%zu\"", i);
		assert_true(slice_equals(pieces.found[PIECE_LOGIN], text));
		snprintf(text, sizeof text, "\"%s%zu\"", i % 3 ? "login" : "email", i);
		assert_true(slice_equals(pieces.found[PIECE_EMAIL], text));
		assert_int_equal(pieces.found[PIECE_PICTURE].length, 0);
		assert_int_equal(pieces.found[PIECE_ANNOTATIONS].length, i * 10);
		if (i)
			assert_int_equal(pieces.found[PIECE_ANNOTATIONS].data[i * 10 - 1], 'a' + (char)((i * 10 - 1) % 26));
	}
	assert_true((spool.fd < 0) == (keep > 1000000));
	pieces_free(&pieces);
	spool_close(&spool);
}

static void pieces_wait_in_memory_in_a_file_in_both(void **state)
{
	(void)state;
	pieces_come_back(0);
	pieces_come_back(100000);
	pieces_come_back(10000000);
}

static void times_are_seconds(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-11-24 04:00:00Z", "2026-11-24T04:00:00", "2026-13-01", "2026-11-24T24:00:00Z", "1969-12-31",
		"2107-01-01", "2026-11-24T04:00:00Zx", "yesterday", "2026-11-24T04:00:00+02:00"};
	char text[TIMESTAMP_SIZE];
	uint32_t seconds;

	(void)state;
	assert_true(timestamp_parse(slice_of_string("2026-11-24T04:00:00.123Z"), &seconds));
	assert_int_equal(seconds, 1795492800);
	timestamp_format(seconds, text);
	assert_string_equal(text, "2026-11-24T04:00:00Z");
	assert_true(timestamp_parse(slice_of_string("2024-02-29"), &seconds));
	assert_int_equal(seconds, 1709164800);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (timestamp_parse(slice_of_string(bad[i]), &seconds))
			check_failed("taken: %s", bad[i]);
	assert_true(timestamp_order(slice_of_string("2024-02-01T09:00:00.000Z")) < timestamp_order(slice_of_string("2024-02-01T09:00:00.001Z")));
	assert_true(timestamp_order(slice_of_string("2023")) < timestamp_order(slice_of_string("2024-01-01T00:00:00.000Z")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_have_numbers_for_good), cmocka_unit_test(names_are_sorted_without_case), cmocka_unit_test(memberships_become_rows),
		cmocka_unit_test(pieces_wait_in_memory_in_a_file_in_both), cmocka_unit_test(times_are_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
