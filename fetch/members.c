#include "members.h"

#include <stdio.h>
#include <stdlib.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "search.h"

/* A line of the stream holds no more ids. */
enum { MEMBERS_LINE = 1000 };

/* A list with more is a long one. */
enum { LONG_LIST = 4000 };

static bool take_lane(struct members *members)
{
	struct org *org = members->org;

	for (int lane = 0; lane < SEEN_LANES && members->lane < 0; lane++)
		if (!org->lanes_taken[lane]) {
			org->lanes_taken[lane] = true;
			members->lane = lane;
			seen_mark_all(&org->seen, (unsigned)lane, &members->listed);
			seen_free(&members->listed);
		}
	return members->lane >= 0;
}

static void give_lane_back(struct members *members)
{
	if (members->lane < 0)
		return;
	seen_clear_lane(&members->org->seen, (unsigned)members->lane);
	members->org->lanes_taken[members->lane] = false;
	members->lane = -1;
}

static bool is_listed_first(struct members *members, struct slice id)
{
	return members->lane < 0 ? seen_add(&members->listed, id) : seen_mark(&members->org->seen, (unsigned)members->lane, id);
}

static void release(struct members *members)
{
	group_free(members->group);
	members->group = NULL;
	cache_abandon(members->kept);
	members->kept = NULL;
	seen_free(&members->listed);
	give_lane_back(members);
	buffer_free(&members->line);
	walk_free(&members->walk);
}

void members_free(struct members *members)
{
	if (members->group)
		release(members);
}

void members_go_on(struct members *members)
{
	if (members->walk.held && take_lane(members))
		walk_go_on(&members->walk);
}

static bool keeps(void *owner, const struct walk_fields *fields)
{
	struct org *org = ((struct members *)owner)->org;

	return org->settings->users == USERS_MEMBERS && !slice_equals(fields->status, "DEPROVISIONED")
		&& !seen_has(&org->seen, fields->id);
}

static void end_line(struct members *members)
{
	struct stream *stream = &members->org->stream;

	if (!members->in_line)
		return;
	stream_add_string(stream, "{\"kind\":\"OktaMembers\",\"groupId\":\"");
	stream_add_string(stream, members->group->id);
	stream_add_string(stream, "\",\"userIds\":[");
	stream_add(stream, members->line.data, members->line.length);
	stream_add_string(stream, "]}\n");
	buffer_clear(&members->line);
	members->in_line = 0;
}

static void add_id(void *owner, struct slice id)
{
	struct members *members = owner;

	buffer_add_string(&members->line, members->in_line ? ",\"" : "\"");
	buffer_add(&members->line, id.data, id.length);
	buffer_add_byte(&members->line, '"');
	members->org->memberships++;
	if (++members->in_line == MEMBERS_LINE)
		end_line(members);
}

static void page_done(void *owner, struct walk *walk)
{
	struct members *members = owner;

	for (size_t i = 0; i < walk->count; i++) {
		struct slice id = walk_id(walk, &walk->objects[i]);

		if (walk->objects[i].text_length)
			org_add_user(members->org, id, walk_text(walk, &walk->objects[i]));
		if (!is_listed_first(members, id))
			continue;
		walk->brought_new = true;
		add_id(members, id);
		if (members->kept)
			cache_add(members->kept, id);
	}
	walk->held = !walk->last && members->lane < 0 && members->listed.count > LONG_LIST && !take_lane(members);
}

static int ignore_body(void *owner, const char *bytes, size_t length)
{
	(void)owner;
	(void)bytes;
	(void)length;
	return TRANSPORT_TAKE;
}

static const char *no_judge(void *owner)
{
	(void)owner;
	return NULL;
}

static void no_restart(void *owner)
{
	(void)owner;
}

/* The group itself answered: a group that is gone is left out, one that is there hides its members from us. */
static void probed(void *owner, struct outcome outcome)
{
	struct members *members = owner;
	const struct group *group = members->group;

	free(outcome.next);
	if (outcome.status == 404) {
		warn("group \"%s\" (%s) was deleted while the org was read: left out", group->name, group->id);
		members->org->groups_gone++;
		/* Lines that went out already stay: readers leave out memberships of groups without a record (okta-catalog(5)). */
		members->org->memberships -= members->in_line;
		release(members);
		return;
	}
	client_end(&members->org->client, fail(STATUS_REFUSED, "Okta does not show this app the members of group \"%s\" (%s): "
		"add the group to the resource set of the app's admin role", group->name, group->id));
}

static char *group_url(const struct members *members, const char *rest)
{
	const char *origin = members->org->settings->origin;
	size_t size = strlen(origin) + strlen(members->group->id) + strlen(rest) + sizeof "/api/v1/groups/";
	char *url = memory_alloc(size);

	snprintf(url, size, "%s/api/v1/groups/%s%s", origin, members->group->id, rest);
	return url;
}

static void probe(struct members *members)
{
	members->probe = (struct request){.url = group_url(members, ""), .what = members->what, .bucket = BUCKET_GROUP,
		.tolerates_missing = true, .owner = members, .body = ignore_body, .judge = no_judge, .restart = no_restart,
		.done = probed};
	client_send(&members->org->client, &members->probe);
}

static void end_group(struct members *members)
{
	end_line(members);
	org_add_group(members->org, slice_of_string(members->group->id),
		slice_of(members->group->text, members->group->text_length));
	release(members);
}

static void ended(void *owner, struct walk *walk, long status)
{
	struct members *members = owner;

	(void)walk;
	if (status != 200) {
		probe(members);
		return;
	}
	if (members->kept)
		cache_commit(members->kept);
	members->kept = NULL;
	end_group(members);
}

static bool read_cache(struct members *members)
{
	struct org *org = members->org;
	double now = server_clock_now(&org->client.clock);

	/* The id becomes a file's name. */
	if (!org->cache || !members->group->updated || !search_is_group_id(members->group->id))
		return false;
	if (cache_read(org->cache, members->group->id, members->group->updated, now, add_id, members)) {
		org->cached++;
		end_group(members);
		return true;
	}
	members->kept = cache_write(org->cache, members->group->id, members->group->updated, now);
	return false;
}

void members_start(struct members *members, struct org *org, struct group *group)
{
	char rest[32];

	memset(members, 0, sizeof *members);
	members->org = org;
	members->lane = -1;
	members->group = group;
	if (read_cache(members))
		return;
	snprintf(members->what, sizeof members->what, "the members of group \"%.100s\" (%.30s)", group->name, group->id);
	members->walk.owner = members;
	members->walk.object_name = "member";
	members->walk.keeps = keeps;
	members->walk.page_done = page_done;
	members->walk.ended = ended;
	members->walk.page_size = &org->members_page;
	members->walk.request.what = members->what;
	members->walk.request.bucket = BUCKET_GROUPS;
	members->walk.request.header = ORG_USER_LIST_HEADER;
	members->walk.request.tolerates_missing = true;
	snprintf(rest, sizeof rest, "/users?limit=%ld", org->members_page);
	walk_start(&members->walk, &org->client, group_url(members, rest));
}
