#include "check.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check_report.h"
#include "exit_status.h"
#include "memory.h"
#include "nearest.h"
#include "org.h"
#include "page_size.h"
#include "search.h"

enum { ANSWER_LIMIT = 32 * 1024 * 1024, COUNTED_PAGES = 10 };

/* One answer, whole. */
struct reply {
	bool done;
	long status;
	struct buffer body;
	char *next;
};

struct check {
	const struct settings *settings;
	struct client client;
	struct buffer trouble;  /* what went wrong, as the run would have said it */
	double seconds;         /* of all requests to the API */
	unsigned long requests;

	char **names;           /* of all groups that the app sees */
	size_t name_count, name_capacity;
	bool *named_found;
	unsigned long groups;   /* that a run would ingest */
	unsigned long member_calls;
	long everybody;         /* members of Everyone, -1: not visible */
	char *example;          /* the id of a group with members, or of any */
	bool example_has_members, saw_built_in;
};

static const char *const later_steps[] = {"clock", "sign-in", "DPoP", "scopes", "role: users", "role: groups", "groups",
	"role: members", "rate limit", "a whole run"};

static int skip_from(size_t first)
{
	for (size_t i = first; i < sizeof later_steps / sizeof *later_steps; i++)
		check_report_skip(later_steps[i]);
	return check_report_status();
}

/* The org's own description, which needs no token: reachable, trusted, and an Okta org at all? */

struct org_probe {
	bool done;
	enum transport_failure failure;
	int status; /* exit status of a failed connection */
	long http;
	struct buffer body;
	struct check *check;
};

static int take_probe(void *owner, long status, const char *bytes, size_t length)
{
	struct org_probe *probe = owner;

	(void)status;
	return probe->body.length + length < 65536 && buffer_add(&probe->body, bytes, length) ? TRANSPORT_TAKE : TRANSPORT_STOP;
}

static void end_probe(void *owner, const struct answer *answer)
{
	struct org_probe *probe = owner;

	probe->done = true;
	probe->failure = answer->failure;
	probe->http = answer->status;
	if (answer->status)
		server_clock_observe(&probe->check->client.clock, answer_header(answer, "date", 0));
	if (answer->failure != TRANSPORT_ANSWERED && answer->failure != TRANSPORT_REFUSED)
		probe->status = client_connection_failed(answer, "the org");
}

static bool is_org(struct org_probe *probe)
{
	cJSON *tree = cJSON_ParseWithLength(probe->body.data ? probe->body.data : "", probe->body.length);
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, "id"));
	bool is = probe->http == 200 && id && strncmp(id, "00o", 3) == 0;

	cJSON_Delete(tree);
	return is;
}

static bool check_url(struct check *check)
{
	const struct settings *settings = check->settings;
	static const char path[] = "/.well-known/okta-organization";
	const char *headers[] = {"Accept: application/json", NULL};
	struct org_probe probe = {.check = check};
	struct exchange_request request = {NULL, NULL, headers, &probe, take_probe, end_probe};
	char *url;
	bool good = false;

	if (settings->org_problem.status) {
		check_report(settings->org_problem.status, "org URL", "%s", settings->org_problem.text);
		return false;
	}
	url = memory_alloc(strlen(settings->origin) + sizeof path);
	strcat(strcat(url, settings->origin), path);
	request.url = url;
	message_divert(&check->trouble);
	if (transport_start(check->client.transport, &request))
		while (!probe.done)
			transport_wait(check->client.transport, -1, 1);
	message_divert(NULL);
	good = is_org(&probe);
	if (good)
		check_report(0, "org URL", "%s is an Okta org", settings->origin);
	else if (probe.status)
		check_report(probe.status, "org URL", "%s", buffer_string(&check->trouble));
	else
		check_report(STATUS_CONFIG, "org URL", "%s answers (HTTP %ld), but is no Okta org: give the address that people sign in "
			"at, as the menu at the top right of Okta's admin console shows it, without \"-admin\"", settings->origin, probe.http);
	buffer_clear(&check->trouble);
	buffer_free(&probe.body);
	free(url);
	return good;
}

static void check_clock(const struct check *check)
{
	long long offset = check->client.clock.offset;

	if (llabs(offset) <= 30)
		check_report(0, "clock", "this machine's clock agrees with Okta's");
	else
		check_report(0, "clock", "this machine's clock is %lld s %s Okta's; Okta's time is used in its place, but set it (NTP)",
			llabs(offset), offset > 0 ? "behind" : "ahead of");
}

static bool check_key(const struct check *check)
{
	const struct settings *settings = check->settings;

	if (settings->key_problem.status)
		check_report(settings->key_problem.status, "key", "%s", settings->key_problem.text);
	else if (!settings->key)
		check_report(0, "key", "an SSWS token, in place of an app's key");
	else
		check_report(0, "key", "a private key that signs with %s, key ID %s", private_key_algorithm(settings->key),
			private_key_id(settings->key));
	return !settings->key_problem.status;
}

/* One request to its end. Failures that would end a run are in check->trouble, and their exit status comes back. */

static int take(void *owner, const char *bytes, size_t length)
{
	struct reply *reply = owner;

	return reply->body.length + length < ANSWER_LIMIT && buffer_add(&reply->body, bytes, length) ? TRANSPORT_TAKE : TRANSPORT_STOP;
}

static const char *judge(void *owner)
{
	struct reply *reply = owner;
	cJSON *tree = cJSON_ParseWithLength(reply->body.data ? reply->body.data : "", reply->body.length);
	const char *wrong = cJSON_IsArray(tree) ? NULL : "the answer is no list";

	cJSON_Delete(tree);
	return wrong;
}

static void restart(void *owner)
{
	buffer_clear(&((struct reply *)owner)->body);
}

static void done(void *owner, struct outcome outcome)
{
	struct reply *reply = owner;

	reply->done = true;
	reply->status = outcome.status;
	reply->next = outcome.next;
}

static int ask(struct check *check, char *url, const char *what, enum bucket bucket, struct reply *reply)
{
	struct request request = {.url = url, .what = what, .bucket = bucket, .owner = reply, .body = take, .judge = judge,
		.restart = restart, .done = done, .header = bucket == BUCKET_USERS ? ORG_USER_LIST_HEADER : NULL};
	struct client *client = &check->client;
	double begun = monotonic_now();
	int status;

	memset(reply, 0, sizeof *reply);
	buffer_clear(&check->trouble);
	message_divert(&check->trouble);
	client_send(client, &request);
	while (!reply->done && !client->status)
		client_step(client, -1);
	message_divert(NULL);
	status = client->status;
	client_clear(client);
	client->status = 0;
	check->seconds += monotonic_now() - begun;
	check->requests++;
	return status;
}

static void reply_free(struct reply *reply)
{
	buffer_free(&reply->body);
	free(reply->next);
}

static size_t reply_count(struct reply *reply)
{
	cJSON *tree = cJSON_ParseWithLength(reply->body.data ? reply->body.data : "", reply->body.length);
	int count = cJSON_GetArraySize(tree);

	cJSON_Delete(tree);
	return (size_t)count;
}

static char *list_url(const struct check *check, const char *path, const char *expression)
{
	return search_url(check->settings->origin, path, expression);
}

/* The first request signs in; what it is about is judged again by its own step. */
static bool check_sign_in(struct check *check)
{
	struct token *token = check->client.token;
	const char *trouble;
	struct reply reply;
	int status = ask(check, list_url(check, "/api/v1/groups?limit=1", NULL), "the list of groups", BUCKET_GROUPS, &reply);

	check->seconds = 0;
	check->requests = 0;
	reply_free(&reply);
	trouble = buffer_string(&check->trouble);
	if (token_generation(token)) {
		check_report(0, "sign-in", check->settings->key ? "Okta accepts client ID, key and key ID" : "an SSWS token needs none");
		return true;
	}
	if (strstr(trouble, "consent_required")) {
		check_report(0, "sign-in", "Okta accepts client ID, key and key ID");
		check_report(status, "scopes", "none is granted: %s", trouble);
	} else {
		check_report(status, "sign-in", "%s", trouble);
	}
	return false;
}

static void check_dpop(const struct check *check)
{
	if (!check->settings->key)
		return;
	if (token_is_bound(check->client.token))
		check_report(0, "DPoP", "the app requires it, and the token is bound to this run's key");
	else
		check_report(check->settings->dpop == DPOP_REQUIRE ? STATUS_REFUSED : 0, "DPoP", "the app does not require it. That works; a "
			"stolen token would, too: tick \"Require Demonstrating Proof of Possession (DPoP) header in token requests\" in the "
			"app's General tab");
}

static bool check_scopes(const struct check *check)
{
	static const char *const scopes[] = {"okta.users.read", "okta.groups.read"};
	bool good = true;

	for (size_t i = 0; check->settings->key && i < 2; i++) {
		bool given = token_has_scope(check->client.token, scopes[i]);

		good = good && given;
		if (given)
			check_report(0, "scopes", "%s is granted", scopes[i]);
		else
			check_report(STATUS_REFUSED, "scopes", "%s is not granted: Applications > the app > Okta API Scopes > Grant (a super "
				"administrator can)", scopes[i]);
	}
	return good;
}

static const char role_place[] = "Security > Administrators > Roles, and Applications > the app > Admin roles";

static void check_users(struct check *check)
{
	const struct settings *settings = check->settings;
	struct reply reply;
	int status = ask(check, list_url(check, "/api/v1/users?limit=1", settings->user_search), "the list of users", BUCKET_USERS, &reply);

	if (status)
		check_report(status, "role: users", "%s", buffer_string(&check->trouble));
	else if (reply_count(&reply))
		check_report(0, "role: users", "users are shown to the app");
	else if (settings->user_search)
		check_report(STATUS_CONFIG, "role: users", "the user search finds nobody: %s", settings->user_search);
	else
		check_report(STATUS_REFUSED, "role: users", "no user is shown to the app: give its admin role the permission \"View users and "
			"their details\", and its resource set all users (%s)", role_place);
	reply_free(&reply);
}

static void keep_name(struct check *check, const char *name)
{
	if (check->name_count == check->name_capacity) {
		check->name_capacity = check->name_capacity ? check->name_capacity * 2 : 64;
		check->names = memory_resize(check->names, check->name_capacity, sizeof *check->names);
	}
	check->names[check->name_count++] = memory_copy_string(name);
}

static bool is_wanted(struct check *check, const char *id, const char *name, bool built_in)
{
	const struct option_list *groups = &check->settings->groups;
	bool named = false;

	for (size_t i = 0; i < groups->count; i++)
		if (strcmp(groups->items[i], id) == 0 || strcmp(groups->items[i], name) == 0)
			named = check->named_found[i] = true;
	return named || (!groups->count && !check->settings->group_search && (!built_in || check->settings->built_in));
}

static void take_group(struct check *check, const cJSON *group, bool searched)
{
	const cJSON *profile = cJSON_GetObjectItemCaseSensitive(group, "profile");
	const cJSON *stats = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(group, "_embedded"), "stats");
	const cJSON *users = cJSON_GetObjectItemCaseSensitive(stats, "usersCount");
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(group, "id"));
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(profile, "name"));
	const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(group, "type"));
	double members = cJSON_IsNumber(users) ? users->valuedouble : 0;
	bool built_in = type && strcmp(type, "BUILT_IN") == 0;

	if (!id || !name)
		return;
	if (!searched)
		keep_name(check, name);
	check->saw_built_in = check->saw_built_in || built_in;
	if (built_in && strcmp(name, "Everyone") == 0 && cJSON_IsNumber(users))
		check->everybody = (long)members;
	if (!searched && !is_wanted(check, id, name, built_in))
		return;
	check->groups++;
	check->member_calls += members > PAGE_SIZE_MEMBERS ? (unsigned long)ceil(members / PAGE_SIZE_MEMBERS) : 1;
	if (!check->example || (members > 0 && !check->example_has_members)) {
		free(check->example);
		check->example = memory_copy_string(id);
		check->example_has_members = members > 0;
	}
}

/* All pages of a list of groups. */
static int take_groups(struct check *check, char *url, bool searched)
{
	struct reply reply;
	int status = 0;

	while (url && !status) {
		cJSON *tree;
		const cJSON *group;

		status = ask(check, url, "the list of groups", BUCKET_GROUPS, &reply);
		tree = status ? NULL : cJSON_ParseWithLength(reply.body.data, reply.body.length);
		cJSON_ArrayForEach(group, tree)
			take_group(check, group, searched);
		cJSON_Delete(tree);
		url = status || !reply.next ? NULL : memory_copy_string(reply.next);
		reply_free(&reply);
	}
	return status;
}

/* The groups that the app sees, with their sizes where the org gives them. */
static bool check_groups_seen(struct check *check)
{
	int status = take_groups(check, list_url(check, "/api/v1/groups?limit=200&expand=stats", NULL), false);

	if (status && !check->name_count)
		status = take_groups(check, list_url(check, "/api/v1/groups?limit=200", NULL), false);
	if (status)
		check_report(status, "role: groups", "%s", buffer_string(&check->trouble));
	else if (check->name_count > (check->saw_built_in ? 1 : 0))
		check_report(0, "role: groups", "%zu groups are shown to the app", check->name_count);
	else
		check_report(STATUS_REFUSED, "role: groups", "no group is shown to the app%s: give its admin role the permission \"View groups and "
			"their details\", and its resource set the groups to ingest (%s)", check->saw_built_in ? " but built-in ones" : "", role_place);
	return !status && check->name_count;
}

static void check_groups_wanted(struct check *check)
{
	const struct settings *settings = check->settings;

	for (size_t i = 0; i < settings->groups.count; i++) {
		const char *name = settings->groups.items[i];
		struct buffer near = BUFFER_EMPTY;

		nearest_add(&near, name, check->names, check->name_count);
		if (check->named_found[i])
			check_report(0, "groups", "\"%s\" is there", name);
		else
			check_report(settings->missing == MISSING_WARN ? 0 : STATUS_CONFIG, "groups", "\"%s\" is not among the groups that the app "
				"sees%s%s: compare with Directory > Groups, and with the groups of the resource set", name,
				near.length ? "; the nearest names: " : "", buffer_string(&near));
		buffer_free(&near);
	}
	if (settings->group_search) {
		unsigned long before = check->groups;
		int status = take_groups(check, list_url(check, "/api/v1/groups?limit=200&expand=stats", settings->group_search), true);

		if (status)
			check_report(status, "groups", "%s", buffer_string(&check->trouble));
		else
			check_report(check->groups > before ? 0 : STATUS_CONFIG, "groups", "the group search finds %lu: %s", check->groups - before,
				settings->group_search);
	} else if (!settings->groups.count) {
		check_report(0, "groups", "all %lu that are not built in will be ingested; --group names single ones", check->groups);
	}
}

static void check_members(struct check *check)
{
	struct reply reply;
	struct buffer path = BUFFER_EMPTY;
	int status;

	if (!check->example || check->settings->users == USERS_NONE)
		return;
	buffer_add_format(&path, "/api/v1/groups/%s/users?limit=1", check->example);
	status = ask(check, list_url(check, buffer_string(&path), NULL), "the members of a group", BUCKET_GROUPS, &reply);
	if (status)
		check_report(status, "role: members", "group %s: %s", check->example, buffer_string(&check->trouble));
	else if (!reply_count(&reply) && check->example_has_members)
		check_report(STATUS_REFUSED, "role: members", "group %s has members, but none is shown to the app: add all users to the resource "
			"set (%s)", check->example, role_place);
	else
		check_report(0, "role: members", "members of groups are shown to the app");
	buffer_free(&path);
	reply_free(&reply);
}

static void check_limits(const struct check *check)
{
	const struct governor_bucket *users = &check->client.governor.buckets[BUCKET_USERS];
	const struct governor_bucket *groups = &check->client.governor.buckets[BUCKET_GROUPS];

	if (!users->limit || !groups->limit)
		check_report(0, "rate limit", "the org names none");
	else
		check_report(0, "rate limit", "%ld of %ld calls a minute are left for users, %ld of %ld for groups and members; a run uses at most "
			"%ld %% (--rate-share); the app's own share is set in Applications > the app > Application rate limits",
			users->remaining, users->limit, groups->remaining, groups->limit, check->settings->rate_share);
}

/* How many users, by Everyone's size or by counting the first pages; *exact: all were counted. */
static long count_users(struct check *check, bool *exact)
{
	char *url = list_url(check, "/api/v1/users?limit=200", check->settings->user_search);
	long count = 0;

	*exact = true;
	for (int page = 0; url; page++) {
		struct reply reply;

		if (page == COUNTED_PAGES) {
			*exact = false;
			free(url);
			return check->everybody > count ? check->everybody : count;
		}
		url = ask(check, url, "the list of users", BUCKET_USERS, &reply) || !reply.next ? (count += (long)reply_count(&reply), NULL)
			: (count += (long)reply_count(&reply), memory_copy_string(reply.next));
		reply_free(&reply);
	}
	return count;
}

/* Seconds that a bucket's calls take at the run's share of its limit: what fits into a window costs no waiting. */
static double limit_seconds(const struct check *check, enum bucket bucket, double calls)
{
	double window = (double)check->client.governor.buckets[bucket].limit * (double)check->settings->rate_share / 100;

	return window >= 1 ? floor((calls - 1) / window) * 60 : 0;
}

static void estimate(struct check *check)
{
	bool exact = true;
	long users = check->settings->users == USERS_ALL ? count_users(check, &exact) : 0;
	double user_calls = ceil((double)users / PAGE_SIZE_USERS);
	double group_calls = ceil((double)(check->settings->groups.count ? check->settings->groups.count : check->name_count) /
		(check->settings->groups.count ? 20 : PAGE_SIZE_GROUPS)) + (check->settings->users == USERS_NONE ? 0 : (double)check->member_calls);
	double latency = check->requests ? check->seconds / (double)check->requests : 0;
	double seconds = fmax(user_calls * latency, (user_calls + group_calls) * latency / (double)check->settings->concurrency);

	seconds = fmax(seconds, fmax(limit_seconds(check, BUCKET_USERS, user_calls), limit_seconds(check, BUCKET_GROUPS, group_calls)));
	check_report(0, "a whole run", "%s%ld users and %lu groups: about %.0f calls, %.0f s at %.0f ms an answer%s", exact ? "" :
		check->everybody > 0 ? "about " : "at least ", users, check->groups, user_calls + group_calls + 2, ceil(seconds), latency * 1000,
		check->settings->users == USERS_ALL && !check->settings->cache_dir ? "; with --cache a later one reads only memberships that changed" : "");
}

static int run_steps(struct check *check)
{
	bool org, key, scopes, groups;

	org = check_url(check);
	key = check_key(check);
	if (!org || !key)
		return skip_from(0);
	check_clock(check);
	if (!check_sign_in(check))
		return skip_from(2);
	check_dpop(check);
	scopes = check_scopes(check);
	if (!scopes)
		return skip_from(4);
	if (check->settings->users == USERS_ALL)
		check_users(check);
	groups = check_groups_seen(check);
	if (!groups)
		return skip_from(6);
	check_groups_wanted(check);
	check_members(check);
	check_limits(check);
	estimate(check);
	return check_report_status();
}

static void check_free(struct check *check)
{
	transport_close(check->client.transport);
	client_clear(&check->client);
	token_free(check->client.token);
	buffer_free(&check->trouble);
	for (size_t i = 0; i < check->name_count; i++)
		free(check->names[i]);
	free(check->names);
	free(check->named_found);
	free(check->example);
}

int check_org(const struct settings *settings)
{
	struct check check = {.settings = settings, .everybody = -1};
	struct transport_settings transport = {settings->ca_file, settings->timeout, (unsigned)settings->concurrency};
	int status = STATUS_INTERNAL;

	srand((unsigned)time(NULL) ^ (unsigned)getpid());
	check.client.origin = settings->origin;
	check.client.concurrency = 1;
	check.client.held_limit = ANSWER_LIMIT;
	governor_init(&check.client.governor, settings->rate_share);
	check.named_found = memory_alloc((settings->groups.count + 1) * sizeof *check.named_found);
	check.client.token = token_new(settings->origin ? settings->origin : "", settings->client_id, settings->key,
		slice_of(settings->ssws.data, settings->ssws.length), (enum dpop_mode)settings->dpop, &check.client.clock);
	check.client.transport = check.client.token ? transport_open(&transport) : NULL;
	if (check.client.transport) {
		token_accept_any(check.client.token);
		status = run_steps(&check);
	}
	check_free(&check);
	return status;
}
