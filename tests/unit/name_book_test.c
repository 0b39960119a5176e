#include "check.h"

#include <stdio.h>

#include "map/directory.h"

enum { PEOPLE = 5000 };

static const char *name_of(struct directory *d, const char *word, unsigned number)
{
	char name[32];

	snprintf(name, sizeof name, "%s%u", word, number);
	return arena_copy(&d->names, slice_of_string(name));
}

/* Ids without names come between, so that numbers are far greater than there are names; some names are kept for who left. */
static void finds_holders_whatever_their_numbers(void **state)
{
	struct directory d;
	struct parties *users = &d.users;
	char id[32];

	(void)state;
	directory_open(&d);
	for (unsigned i = 0; i < PEOPLE; i++) {
		snprintf(id, sizeof id, "00u%u", i);
		parties_number(users, slice_of_string(id));
		if (i % 10 == 0) {
			users->at[i].name = name_of(&d, "Ana.Ruiz", i);
			assert_int_equal(name_book_claim(users, i), NO_HOLDER);
		} else if (i % 10 == 1) {
			name_book_hold(users, (struct held_name){.name = name_of(&d, "held", i), .number = i, .left = 1, .over = i % 20 == 1});
		}
	}
	for (unsigned i = 0; i < PEOPLE; i++) {
		uint32_t holder = name_book_find(users, name_of(&d, i % 10 == 1 ? "HELD" : "ana.ruiz", i));

		assert_true(i % 10 == 0 || i % 20 == 11 ? name_book_party(users, holder) == i : holder == NO_HOLDER);
		assert_true(holder == NO_HOLDER || (holder & HELD) == (i % 10 ? HELD : 0));
	}
	users->at[2].name = name_of(&d, "aNA.rUIZ", 4990);
	assert_int_equal(name_book_claim(users, 2), 4990);
	users->at[3].name = name_of(&d, "Held", 21);
	assert_int_equal(name_book_claim(users, 3), NO_HOLDER);
	assert_int_equal(name_book_find(users, "held21"), 3);
	directory_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_holders_whatever_their_numbers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
