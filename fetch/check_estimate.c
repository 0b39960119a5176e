#include "check_estimate.h"

#include <math.h>
#include <stdlib.h>

#include "check_report.h"
#include "memory.h"
#include "page_size.h"
#include "search.h"

/* Before the lists: the org's description, and two to sign in. */
enum { BEGIN_CALLS = 3 };
enum { COUNTED_PAGES = 10 };

/* How many users there are: counted on the first pages, and beyond those Everyone's size. *exact: all were counted. */
static long count_users(struct check *check, bool *exact)
{
	char *url = check_url_of(check, "/api/v1/users?limit=200", check->settings->user_search);
	long count = 0;

	for (int page = 0; url && page < COUNTED_PAGES; page++) {
		struct reply reply;
		int status = check_ask(check, url, "the list of users", BUCKET_USERS, &reply);

		count += (long)reply_count(&reply);
		url = status || !reply.next ? NULL : memory_copy_string(reply.next);
		reply_free(&reply);
	}
	*exact = !url;
	free(url);
	return *exact || check->everybody < count ? count : check->everybody;
}

/* Seconds that a bucket's calls take at the run's share of its limit: what fits into a window costs no waiting. */
static double limit_seconds(const struct check *check, enum bucket bucket, double calls)
{
	double window = (double)check->client.governor.buckets[bucket].limit * (double)check->settings->rate_share / 100;

	return window >= 1 ? floor((calls - 1) / window) * 60 : 0;
}

/* Pages of groups or searches for named ones, and member pages. */
static double count_group_calls(const struct check *check)
{
	const struct settings *settings = check->settings;
	double lists = settings->groups.count ? ceil((double)settings->groups.count / SEARCH_BATCH_TERMS)
		: ceil((double)check->name_count / PAGE_SIZE_GROUPS);

	return lists + (settings->users == USERS_NONE ? 0 : (double)check->member_calls);
}

void check_estimate(struct check *check)
{
	const struct settings *settings = check->settings;
	bool exact = true;
	long users = settings->users == USERS_ALL ? count_users(check, &exact) : 0;
	double user_calls = ceil((double)users / PAGE_SIZE_USERS), group_calls = count_group_calls(check);
	double latency = check->requests ? check->seconds / (double)check->requests : 0;
	double seconds = fmax(user_calls * latency, (user_calls + group_calls) * latency / (double)settings->concurrency);
	struct buffer what = BUFFER_EMPTY;

	seconds = fmax(seconds, fmax(limit_seconds(check, BUCKET_USERS, user_calls), limit_seconds(check, BUCKET_GROUPS, group_calls)));
	if (settings->users == USERS_ALL)
		buffer_add_format(&what, "%s%ld users and ", exact ? "" : check->everybody > 0 ? "about " : "at least ", users);
	check_report(0, "a whole run", "%s%lu group%s: about %.0f calls, %.0f s at %.0f ms an answer%s", buffer_string(&what), check->groups,
		check->groups == 1 ? "" : "s",
		user_calls + group_calls + BEGIN_CALLS, ceil(seconds), latency * 1000,
		settings->users == USERS_ALL && !settings->cache_dir ? "; with --cache a later one reads only memberships that changed" : "");
	buffer_free(&what);
}
