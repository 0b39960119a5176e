#include "org.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "exit_status.h"
#include "groups.h"
#include "json_string.h"
#include "members.h"
#include "memory.h"
#include "message.h"
#include "org_probe.h"
#include "page_size.h"
#include "progress.h"
#include "users.h"

/* Bytes of pages and unread output that may be held: the bound of memory is 32 MB with all else. */
enum { HELD_LIMIT = 6 * 1024 * 1024 };

/* Bytes of a token's SHA-256 that tell its cache from another's. */
enum { TOKEN_MARK = 8 };

struct run {
	struct org org;
	struct org_probe probe;
	struct users users;
	struct groups groups;
	struct members *members; /* as many as may be under way */
};

static void add_record(struct org *org, const char *start, struct slice text)
{
	stream_add(&org->stream, start, strlen(start));
	stream_add(&org->stream, text.data, text.length);
	stream_add(&org->stream, "}\n", 2);
}

bool org_add_user(struct org *org, struct slice id, struct slice text)
{
	if (!seen_add(&org->seen, id))
		return false;
	add_record(org, "{\"kind\":\"OktaUser\",\"user\":", text);
	org->users++;
	return true;
}

void org_add_group(struct org *org, struct slice id, struct slice text)
{
	(void)id; /* groups.c has seen to it that it comes once */
	add_record(org, "{\"kind\":\"OktaGroup\",\"group\":", text);
	org->groups++;
}

/* org_id: letters and digits */
static void add_header(struct org *org, const char *org_id)
{
	struct buffer line = BUFFER_EMPTY;
	time_t now = (time_t)server_clock_now(&org->client.clock);
	struct tm tm;
	char text[32];

	gmtime_r(&now, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	buffer_add_string(&line, "{\"kind\":\"OktaOrg\",\"version\":1,\"id\":");
	json_string_encode(&line, slice_of_string(org->settings->id));
	buffer_add_string(&line, ",\"oktaUrl\":");
	json_string_encode(&line, slice_of_string(org->settings->origin));
	buffer_add_format(&line, ",\"orgId\":\"%s\",\"fetchedAt\":\"%s\"}\n",
		org_id, text);
	stream_add_first(&org->stream, &line);
	buffer_free(&line);
}

static void add_end(struct org *org)
{
	struct buffer line = BUFFER_EMPTY;

	governor_waiting(&org->client.governor, false);
	buffer_add_format(&line, "{\"kind\":\"End\",\"groups\":%lu,\"users\":%lu,\"memberships\":%lu,\"calls\":%lu,"
		"\"waitedSeconds\":%.0f}\n", org->groups, org->users, org->memberships, org->client.calls,
		org->client.governor.waited_seconds);
	stream_add(&org->stream, line.data, line.length);
	buffer_free(&line);
}

/* With --users members the records are wanted, which the cache has not. */
static bool uses_cache(const struct settings *settings)
{
	return settings->cache_dir && settings->users == USERS_ALL;
}

static bool has_room(const struct org *org)
{
	return stream_waiting(&org->stream) + org->client.held <= HELD_LIMIT;
}

/* One group from waiting to a reader, or straight to the stream. */
static void read_group(struct run *run, struct members *members, struct group *group)
{
	if (run->org.settings->users != USERS_NONE) {
		members_start(members, &run->org, group);
		return;
	}
	org_add_group(&run->org, slice_of_string(group->id), slice_of(group->text, group->text_length));
	group_free(group);
}

/* Gives waiting groups to free member readers; true while some group is not done. */
static bool read_members(struct run *run)
{
	/* While the user list is walked, one request at a time is left to it. */
	long lanes = run->org.settings->concurrency - (run->users.walk.active && run->org.settings->concurrency > 1);
	/* Whose lists the cache has, only the org's id tells. */
	bool open = run->org.begun || !uses_cache(run->org.settings);
	bool busy = run->groups.first;
	long reading = 0;

	for (long i = 0; i < run->org.settings->concurrency; i++) {
		struct members *members = &run->members[i];
		struct group *group;

		while (open && i < lanes && !members->group
			&& has_room(&run->org)
			&& (group = groups_take(&run->groups)))
			read_group(run, members, group);
		members_go_on(members);
		reading += members->group != NULL;
	}
	run->org.client.governor.buckets[BUCKET_GROUPS].demand = run->groups.done
		? (long)run->groups.waiting + reading : GOVERNOR_DEMAND_UNKNOWN;
	return busy || reading || run->groups.first;
}

static void check_members(struct org *org)
{
	if (org->settings->users == USERS_MEMBERS && !org->users)
		client_end(&org->client, fail(STATUS_REFUSED, "Okta shows this app no members of the groups: " ORG_ROLE_HINT));
	else if (!org->groups)
		client_end(&org->client, fail(STATUS_REFUSED, "all groups were deleted while the org was read; try again"));
}

/* What one app or token sees is not believed for another. */
static struct cache *open_cache(
	const struct settings *settings, const char *org_id)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char token[sizeof "SSWS " + 2 * TOKEN_MARK] = "SSWS ";

	if (settings->key)
		return cache_open(settings->cache_dir, org_id,
			settings->client_id, settings->cache_max_age);
	EVP_Digest(settings->ssws.data, settings->ssws.length, hash, NULL,
		EVP_sha256(), NULL);
	for (size_t i = 0; i < TOKEN_MARK; i++)
		snprintf(token + 5 + 2 * i, 3, "%02x", hash[i]);
	return cache_open(settings->cache_dir, org_id, token,
		settings->cache_max_age);
}

static void start_lists(struct run *run)
{
	if (run->org.settings->users == USERS_ALL)
		users_start(&run->users, &run->org);
	groups_start(&run->groups, &run->org);
}

/*
 * Begins the stream once Okta's time and the org's id are known. The first
 * lists are asked for beside the org's description; only an SSWS token, which
 * needs no sign-in, is not sent before the org has described itself.
 */
static void begin(struct run *run)
{
	struct org *org = &run->org;

	if (org->begun || !run->probe.id[0])
		return;
	if (!org_probe_is_expected(&run->probe, org->settings->expect_org)) {
		client_end(&org->client, fail(STATUS_CONFIG, "%s is the org %s, "
			"not %s (--expect-org): nothing is written",
			org->settings->origin, run->probe.id,
			org->settings->expect_org));
		return;
	}
	if (!token_generation(org->client.token))
		return;
	add_header(org, run->probe.id);
	if (uses_cache(org->settings))
		org->cache = open_cache(org->settings, run->probe.id);
	org->begun = true;
	if (!org->settings->key)
		start_lists(run);
}

static void read_all(struct run *run)
{
	struct org *org = &run->org;
	struct client *client = &org->client;

	org_probe_start(&run->probe, client, true);
	if (org->settings->key)
		start_lists(run);
	while (!client->status) {
		bool busy = read_members(run);

		client->unread = stream_waiting(&org->stream);
		progress_show(&(struct progress){org, run->groups.found, run->groups.done});
		if (!busy && org->begun && run->groups.done
			&& !run->groups.first && !run->users.walk.active)
			break;
		/* Nothing is written without a token and the org's id. */
		client_step(client, STDOUT_FILENO, client->unread && org->begun);
		begin(run);
		if (org->begun ? !stream_write(&org->stream)
			: !stream_watch(&org->stream))
			client_end(client, STATUS_IO);
	}
	if (!client->status)
		check_members(org);
	if (!client->status)
		add_end(org);
}

static struct client new_client(const struct settings *settings)
{
	struct client client;

	memset(&client, 0, sizeof client);
	client.origin = settings->origin;
	client.concurrency = client.wanted_concurrency = (unsigned)settings->concurrency;
	governor_init(&client.governor, settings->rate_share);
	client.held_limit = HELD_LIMIT;
	return client;
}

static void report(const struct org *org)
{
	progress_end();
	if (org->groups_gone)
		warn("%lu groups were deleted while the org was read", org->groups_gone);
	debug("%lu groups (%lu from the cache), %lu users, %lu memberships in %lu calls", org->groups, org->cached, org->users,
		org->memberships, org->client.calls);
}

static void free_run(struct run *run)
{
	struct org *org = &run->org;

	transport_close(org->client.transport);
	client_clear(&org->client);
	for (long i = 0; i < org->settings->concurrency; i++)
		members_free(&run->members[i]);
	org_probe_free(&run->probe);
	walk_free(&run->users.walk);
	if (run->groups.org)
		groups_free(&run->groups);
	token_free(org->client.token);
	seen_free(&org->seen);
	cache_close(org->cache);
	stream_free(&org->stream);
	free(run->members);
	free(run);
}

int org_fetch(const struct settings *settings)
{
	struct transport_settings transport = {settings->ca_file, settings->timeout, (unsigned)settings->concurrency};
	struct run *run = memory_alloc(sizeof *run);
	struct org *org = &run->org;
	int status;

	srand((unsigned)time(NULL) ^ (unsigned)getpid());
	org->settings = settings;
	org->client = new_client(settings);
	org->users_page = PAGE_SIZE_USERS;
	org->groups_page = PAGE_SIZE_GROUPS;
	org->members_page = PAGE_SIZE_MEMBERS;
	progress_start(settings->progress);
	run->members = memory_alloc((size_t)settings->concurrency * sizeof *run->members);
	org->client.token = token_new(settings->origin, settings->client_id, settings->key,
		slice_of(settings->ssws.data, settings->ssws.length), (enum dpop_mode)settings->dpop, &org->client.clock);
	org->client.transport = org->client.token ? transport_open(&transport) : NULL;
	if (org->client.transport)
		read_all(run);
	else
		client_end(&org->client, STATUS_INTERNAL);
	/* Records that are whole are the reader's also when the run failed: without End they harm nobody. */
	if (org->begun && !stream_finish(&org->stream))
		client_end(&org->client, STATUS_IO);
	if (!org->client.status)
		report(org);
	progress_end();
	status = org->client.status;
	free_run(run);
	return status;
}
