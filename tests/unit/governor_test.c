/* The governor under a clock of the test's own: minutes pass in no time. */
#include "check.h"

#include "fetch/governor.h"
#include "message.h"


static double now = 1000;

double monotonic_now(void)
{
	return now;
}

double server_clock_now(const struct server_clock *clock)
{
	(void)clock;
	return now + 1e9;
}

static const struct server_clock okta;

static struct rate_limit told(long limit, long remaining, double seconds_to_reset)
{
	return (struct rate_limit){limit, remaining, (long long)(now + 1e9 + seconds_to_reset)};
}

static bool start(struct governor *governor)
{
	if (governor_delay(governor, BUCKET_USERS, &okta) > 0)
		return false;
	governor_started(governor, BUCKET_USERS, &okta);
	return true;
}

static void finish(struct governor *governor, struct rate_limit rate)
{
	governor_finished(governor, BUCKET_USERS);
	governor_observe(governor, BUCKET_USERS, rate, &okta);
}

/* The calls that go out until so many seconds of a window have passed, each answered at once; used: those before. */
static long calls_until(struct governor *governor, double begun, double seconds, long limit, long used)
{
	for (; now < begun + seconds; now += 0.01)
		if (start(governor))
			finish(governor, told(limit, limit - ++used, 60 - (now - begun)));
	return used;
}

static void test_share(void **state)
{
	struct governor governor;

	(void)state;
	governor_init(&governor, 50);
	assert_in_range(calls_until(&governor, now, 59, 60, 0), 29, 30);
}

static void test_spread(void **state)
{
	struct governor governor;
	double begun = now;
	long used;

	(void)state;
	governor_init(&governor, 50);
	/* Half of the share at once, and the rest not before its turns. */
	assert_in_range(used = calls_until(&governor, begun, 1, 60, 0), 15, 17);
	assert_in_range(calls_until(&governor, begun, 30, 60, used), 20, 25);
}

static void test_refused_at_the_same_time(void **state)
{
	struct governor governor;
	double begun = now;
	long used = 0;

	(void)state;
	governor_init(&governor, 50);
	while (used < 20 && start(&governor))
		finish(&governor, told(60, 60 - ++used, 60 - (now - begun)));
	assert_int_equal(governor_refused(&governor, BUCKET_USERS, (struct rate_limit){0, 0, 0}, &okta, 1), REFUSED_CONCURRENCY);
	assert_false(start(&governor));
	/* The window goes on, and so does the count of what was used of it. */
	used = calls_until(&governor, begun, 59, 60, used);
	assert_in_range(used, 25, 30);
}

static void test_reset_far_ahead(void **state)
{
	struct governor governor;
	double begun = now;

	(void)state;
	governor_init(&governor, 100);
	for (long n = 1; n <= 2; n++) {
		assert_true(start(&governor));
		finish(&governor, told(2, 2 - n, 7200));
	}
	while (governor_delay(&governor, BUCKET_USERS, &okta) > 0 && now < begun + 1000)
		now += 1;
	assert_in_range((long)(now - begun), 60, 70);
}

/* Date is two minutes ahead of the clock that the reset is from: the share is kept all the same. */
static void test_reset_past(void **state)
{
	struct governor governor;
	double begun = now;
	long used = 0;

	(void)state;
	governor_init(&governor, 50);
	for (; now < begun + 59; now += 0.01)
		if (start(&governor))
			finish(&governor, told(60, 60 - ++used, 60 - (now - begun) - 120));
	assert_in_range(used, 26, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_refused_at_the_same_time),
		cmocka_unit_test(test_reset_far_ahead),
		cmocka_unit_test(test_reset_past),
	};

	message_threshold(MESSAGE_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
