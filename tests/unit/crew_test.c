#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crew.h"

/* Numbers are claimed, squared, and taken; some squares take long. */
struct numbers {
	size_t next, end, taken, refused_at;
	bool in_order;
	size_t bytes, ahead; /* of each; claimed, while large ones are held, before those before were taken */
};

struct number {
	size_t value, square;
};

static bool claim(void *context, void *batch, size_t *bytes)
{
	struct numbers *numbers = context;

	*bytes = numbers->bytes;
	/* Nobody takes meanwhile, if large ones come one by one. */
	if (numbers->bytes)
		numbers->ahead += numbers->next - numbers->taken;
	((struct number *)batch)->value = numbers->next;
	return numbers->next < numbers->end && ++numbers->next;
}

static void square(void *context, void *batch)
{
	struct number *number = batch;
	volatile size_t sum = 0;

	(void)context;
	for (size_t i = 0; i < number->value % 7 * 1000; i++)
		sum += i;
	(void)sum;
	number->square = number->value * number->value;
}

static bool take(void *context, void *batch)
{
	struct numbers *numbers = context;
	const struct number *number = batch;

	numbers->in_order = numbers->in_order && number->value == numbers->taken && number->square == number->value * number->value;
	return numbers->taken++ != numbers->refused_at;
}

static struct numbers run(size_t end, size_t refused_at, size_t batches, bool *good)
{
	struct numbers numbers = {.end = end, .refused_at = refused_at, .in_order = true};
	struct number batch[16];
	struct crew_job job = {&numbers, claim, square, take, NULL};

	memset(batch, 0, sizeof batch);
	*good = crew_run(&job, batch, batches, sizeof *batch);
	return numbers;
}

static void test_all_are_taken_in_order(void **state)
{
	static const size_t batches[] = {1, 2, 3, 8, 16};

	(void)state;
	for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
		bool good;
		struct numbers numbers = run(20000, SIZE_MAX, batches[i], &good);

		assert_true(good);
		assert_int_equal(numbers.taken, 20000);
		assert_true(numbers.in_order);
	}
}

static void test_nothing_to_do(void **state)
{
	bool good;

	(void)state;
	assert_int_equal(run(0, SIZE_MAX, 8, &good).taken, 0);
	assert_true(good);
}

static void test_who_takes_may_stop_it(void **state)
{
	(void)state;
	for (size_t at = 0; at < 40; at++) {
		bool good;
		struct numbers numbers = run(100000, at, 8, &good);

		assert_false(good);
		assert_int_equal(numbers.taken, at + 1);
		assert_true(numbers.next <= at + 1 + 8);
	}
}

static void test_large_batches_come_one_by_one(void **state)
{
	struct numbers numbers = {.end = 1000, .refused_at = SIZE_MAX, .in_order = true, .bytes = 64 * 1024 * 1024};
	struct number batch[8];
	struct crew_job job = {&numbers, claim, square, take, NULL};

	(void)state;
	memset(batch, 0, sizeof batch);
	assert_true(crew_run(&job, batch, 8, sizeof *batch));
	assert_int_equal(numbers.taken, 1000);
	assert_true(numbers.in_order);
	assert_int_equal(numbers.ahead, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_taken_in_order),
		cmocka_unit_test(test_nothing_to_do),
		cmocka_unit_test(test_who_takes_may_stop_it),
		cmocka_unit_test(test_large_batches_come_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
