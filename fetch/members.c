#include "members.h"

#include <stdio.h>
#include <stdlib.h>

#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"

/* Okta's default and, as far as is known, highest page size; a line of the stream holds no more ids. */
enum { MEMBERS_PAGE = 1000, MEMBERS_LINE = 1000 };

static void release(struct members *members)
{
	group_free(members->group);
	members->group = NULL;
	walk_free(&members->walk);
}

void members_free(struct members *members)
{
	release(members);
}

static bool keeps(void *owner, const struct walk_fields *fields)
{
	struct org *org = ((struct members *)owner)->org;

	return org->settings->users == USERS_MEMBERS && !slice_equals(fields->status, "DEPROVISIONED")
		&& !seen_has(&org->seen, fields->id);
}

static void add_line(struct members *members, struct walk *walk, size_t first, size_t end)
{
	struct buffer line = BUFFER_EMPTY;

	buffer_add_string(&line, "{\"kind\":\"OktaMembers\",\"groupId\":\"");
	buffer_add_string(&line, members->group->id);
	buffer_add_string(&line, "\",\"userIds\":[");
	for (size_t i = first; i < end; i++) {
		struct slice id = walk_id(walk, &walk->objects[i]);

		buffer_add_string(&line, i == first ? "\"" : ",\"");
		buffer_add(&line, id.data, id.length);
		buffer_add_byte(&line, '"');
	}
	buffer_add_string(&line, "]}\n");
	stream_add(&members->org->stream, line.data, line.length);
	buffer_free(&line);
}

static void page_done(void *owner, struct walk *walk)
{
	struct members *members = owner;

	for (size_t i = 0; i < walk->count; i++)
		if (walk->objects[i].text_length)
			org_add_user(members->org, walk_id(walk, &walk->objects[i]), walk_text(walk, &walk->objects[i]));
	for (size_t i = 0; i < walk->count; i += MEMBERS_LINE)
		add_line(members, walk, i, walk->count - i > MEMBERS_LINE ? i + MEMBERS_LINE : walk->count);
	members->org->memberships += walk->count;
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

static void ended(void *owner, struct walk *walk, long status)
{
	struct members *members = owner;

	(void)walk;
	if (status != 200) {
		probe(members);
		return;
	}
	org_add_group(members->org, slice_of_string(members->group->id),
		slice_of(members->group->text, members->group->text_length));
	release(members);
}

void members_start(struct members *members, struct org *org, struct group *group)
{
	char rest[32];

	memset(members, 0, sizeof *members);
	members->org = org;
	members->group = group;
	snprintf(members->what, sizeof members->what, "the members of group \"%.100s\" (%.30s)", group->name, group->id);
	members->walk.owner = members;
	members->walk.object_name = "member";
	members->walk.keeps = keeps;
	members->walk.page_done = page_done;
	members->walk.ended = ended;
	members->walk.request.what = members->what;
	members->walk.request.bucket = BUCKET_GROUPS;
	members->walk.request.tolerates_missing = true;
	snprintf(rest, sizeof rest, "/users?limit=%d", MEMBERS_PAGE);
	walk_start(&members->walk, &org->client, group_url(members, rest));
}
