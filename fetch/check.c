#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "check_estimate.h"
#include "check_groups.h"
#include "check_report.h"
#include "check_session.h"
#include "exit_status.h"
#include "org_probe.h"

static const char *const later_steps[] = {"clock", "sign-in", "DPoP", "scopes", "role: users", "role: groups", "groups",
	"role: members", "rate limit", "a whole run"};

/* Indices into later_steps. */
enum { STEP_AFTER_KEY = 0, STEP_AFTER_SIGN_IN = 2, STEP_AFTER_SCOPES = 4, STEP_AFTER_GROUPS = 6 };

static int skip_from(size_t first)
{
	for (size_t i = first; i < sizeof later_steps / sizeof *later_steps; i++)
		check_report_skip(later_steps[i]);
	return check_report_status();
}

/* Asks for the org's description; 0, or an exit status and check->trouble. */
static int check_probe(struct check *check, struct org_probe *probe)
{
	struct client *client = &check->client;
	int status;

	message_divert(&check->trouble);
	org_probe_start(probe, client, false);
	while (!probe->done && !client->status)
		client_step(client, -1, false);
	message_divert(NULL);
	status = client->status;
	client_clear(client);
	client->status = 0;
	return status;
}

static bool check_url(struct check *check)
{
	const struct settings *settings = check->settings;
	struct org_probe probe = {.http = 0};
	int status;
	bool is_org;

	if (settings->org_problem.status) {
		check_report(settings->org_problem.status, "org URL", "%s", settings->org_problem.text);
		return false;
	}
	status = check_probe(check, &probe);
	is_org = probe.id[0];
	if (is_org && !org_probe_is_expected(&probe, settings->expect_org)) {
		check_report(STATUS_CONFIG, "org URL",
			"%s is the org %s, not %s (--expect-org)",
			settings->origin, probe.id, settings->expect_org);
		is_org = false;
	} else if (is_org)
		check_report(0, "org URL", "%s is an Okta org, %s",
			settings->origin, probe.id);
	else if (status)
		check_report(status, "org URL", "%s",
			buffer_string(&check->trouble));
	else if (probe.location)
		check_report(STATUS_CONFIG, "org URL", "%s redirects to %s, which a run does not follow: set the org URL to where Okta answers "
			"itself", settings->origin, probe.location);
	else
		check_report(STATUS_CONFIG, "org URL", "%s answers (HTTP %ld), but is no Okta org: give the address that people sign in "
			"at, as the menu at the top right of Okta's admin console shows it, without \"-admin\"", settings->origin, probe.http);
	buffer_clear(&check->trouble);
	org_probe_free(&probe);
	return is_org;
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

/* The first request signs in; what it is about is judged again by its own step. */
static bool check_sign_in(struct check *check)
{
	struct token *token = check->client.token;
	const char *trouble;
	struct reply reply;
	int status = check_ask(check, check_url_of(check, "/api/v1/groups?limit=1", NULL), "the list of groups", BUCKET_GROUPS, &reply);

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
		check_report_skip("DPoP");
		check_report(status, "scopes", "none is granted: %s", trouble);
		skip_from(STEP_AFTER_SCOPES);
	} else {
		check_report(status, "sign-in", "%s", trouble);
		skip_from(STEP_AFTER_SIGN_IN);
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

static void check_users(struct check *check)
{
	const struct settings *settings = check->settings;
	struct reply reply;
	int status = check_ask(check, check_url_of(check, "/api/v1/users?limit=1", settings->user_search), "the list of users", BUCKET_USERS, &reply);

	if (status)
		check_report(status, "role: users", "%s", buffer_string(&check->trouble));
	else if (reply_count(&reply))
		check_report(0, "role: users", "users are shown to the app");
	else if (settings->user_search)
		check_report(STATUS_CONFIG, "role: users", "the user search finds nobody: %s", settings->user_search);
	else
		check_report(STATUS_REFUSED, "role: users", "no user is shown to the app: give its admin role the permission \"View users and "
			"their details\", and its resource set all users (%s)", CHECK_ROLE_PLACE);
	reply_free(&reply);
}

static void check_limit(const struct check *check, enum bucket number, const char *what)
{
	const struct governor_bucket *bucket = &check->client.governor.buckets[number];

	if (bucket->limit > 0)
		check_report(0, "rate limit", "%ld of %ld calls a minute are left for %s; a run uses at most %ld %% (--rate-share). The app's own "
			"share: Applications > the app > Application rate limits", bucket->remaining, bucket->limit, what, check->settings->rate_share);
	else
		check_report(0, "rate limit", "Okta names none for %s", what);
}

static int run_steps(struct check *check)
{
	bool org, key, scopes, groups;

	org = check_url(check);
	key = check_key(check);
	if (!org || !key)
		return skip_from(STEP_AFTER_KEY);
	check_clock(check);
	if (!check_sign_in(check))
		return check_report_status();
	check_dpop(check);
	scopes = check_scopes(check);
	if (!scopes)
		return skip_from(STEP_AFTER_SCOPES);
	if (check->settings->users == USERS_ALL)
		check_users(check);
	groups = check_groups_seen(check);
	if (!groups)
		return skip_from(STEP_AFTER_GROUPS);
	check_groups_wanted(check);
	check_members(check);
	if (check->settings->users == USERS_ALL)
		check_limit(check, BUCKET_USERS, "users");
	check_limit(check, BUCKET_GROUPS, "groups and members");
	if (check_report_status())
		check_report_skip("a whole run");
	else
		check_estimate(check);
	return check_report_status();
}

int check_org(const struct settings *settings)
{
	struct check check;
	int status = check_session_begin(&check, settings);

	if (!status)
		status = run_steps(&check);
	check_session_end(&check);
	return status;
}
