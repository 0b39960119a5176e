/* Durations, numbers, counts and shares, each at its bounds. */
#include "check.h"

#include "quantity.h"

static void reads_durations(void **state)
{
	static const struct {
		const char *text;
		double seconds;
	} good[] = {
		{"1", 1}, {"90", 90}, {"0.5", 0.5}, {".5", 0.5}, {"1.", 1},
		{"250ms", 0.25}, {"1s", 1}, {"2 s", 2}, {"3sec", 3},
		{"1second", 1}, {"2 seconds", 2}, {"1m", 60}, {"2min", 120},
		{"1minute", 60}, {"5 minutes", 300}, {"1h", 3600},
		{"1.5h", 5400}, {"1hour", 3600}, {"2 hours", 7200},
		{"1d", 86400}, {"1day", 86400}, {"180 days", 15552000},
		{"1w", 604800}, {"1week", 604800}, {"2 weeks", 1209600},
		{"1W", 604800}, {"1 Day", 86400}, {"1   h", 3600},
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		double seconds = -1;

		if (!quantity_duration(good[i].text, &seconds)
			|| seconds < good[i].seconds * 0.999999
			|| seconds > good[i].seconds * 1.000001)
			check_failed("%s: %f seconds", good[i].text, seconds);
	}
}

static void refuses_what_is_no_duration(void **state)
{
	static const char *const bad[] = {
		"", " ", "0", "0s", "-1", "+1", "s", "1x", "1 mo", "1y",
		"1month", "1e3", "1.2.3", ".", " 1s", "1s ", "1s2m", "0x10",
		"inf", "nan", "1ms2", "1 s s", "hours", "PT1H",
	};
	double seconds;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (quantity_duration(bad[i], &seconds))
			check_failed("accepted: %s", bad[i]);
}

static void reads_numbers_in_their_bounds(void **state)
{
	static const char *const bad[] = {
		"", " ", "2", "12", "-3", "+3", "3 ", " 3", "3.0", "0x5", "5a",
		"99999999999999999999",
	};
	long value;

	(void)state;
	assert_true(quantity_number("3", 3, 11, &value) && value == 3);
	assert_true(quantity_number("11", 3, 11, &value) && value == 11);
	assert_true(quantity_number("007", 3, 11, &value) && value == 7);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (quantity_number(bad[i], 3, 11, &value))
			check_failed("accepted: %s", bad[i]);
}

static void reads_counts_and_shares(void **state)
{
	static const char *const bad[] = {
		"", "%", "101%", "150%", "1000%", "1000000001", "-1", "-1%",
		"1.5%", "10 %", "10%%", "10x", "ten", "99999999999999999999",
		"99999999999999999999%",
	};
	bool is_share;
	long count;

	(void)state;
	assert_true(quantity_count_or_share("0", &count, &is_share)
		&& count == 0 && !is_share);
	assert_true(quantity_count_or_share("101", &count, &is_share)
		&& count == 101 && !is_share);
	assert_true(quantity_count_or_share("1000000000", &count, &is_share)
		&& count == 1000000000 && !is_share);
	assert_true(quantity_count_or_share("0%", &count, &is_share)
		&& count == 0 && is_share);
	assert_true(quantity_count_or_share("100%", &count, &is_share)
		&& count == 100 && is_share);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (quantity_count_or_share(bad[i], &count, &is_share))
			check_failed("accepted: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_durations),
		cmocka_unit_test(refuses_what_is_no_duration),
		cmocka_unit_test(reads_numbers_in_their_bounds),
		cmocka_unit_test(reads_counts_and_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
