#include "check_groups.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check_report.h"
#include "exit_status.h"
#include "memory.h"
#include "nearest.h"
#include "page_size.h"
#include "visited.h"

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

/* Counts a group that a run would read. */
static void count_group(struct check *check, const char *id, double members)
{
	check->groups++;
	check->member_calls += members > PAGE_SIZE_MEMBERS
		? (unsigned long)ceil(members / PAGE_SIZE_MEMBERS) : 1;
	if (!check->example || (members > 0 && !check->example_has_members)) {
		free(check->example);
		check->example = memory_copy_string(id);
		check->example_has_members = members > 0;
	}
}

/*
 * A group may be a known one of names that turn out not to exist. members: -1
 * if it is counted already.
 */
static void keep_known(struct check *check, const char *id, const char *name,
	double members)
{
	size_t count;
	struct known_match *match = known_matches_find(check->known,
		check->known_count, slice_of_string(id), &count);

	for (size_t i = 0; i < count; i++) {
		free(match[i].name);
		match[i].name = memory_copy_string(name);
		match[i].members = members;
	}
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
	bool wanted, built_in = type && strcmp(type, "BUILT_IN") == 0;

	if (!id || !name)
		return;
	if (!searched)
		keep_name(check, name);
	check->built_in_count += built_in && !searched;
	if (built_in && strcmp(name, "Everyone") == 0 && cJSON_IsNumber(users))
		check->everybody = (long)members;
	wanted = searched || is_wanted(check, id, name, built_in);
	if (!searched)
		keep_known(check, id, name, wanted ? -1 : members);
	if (wanted)
		count_group(check, id, members);
}

/* All pages of a list of groups. 0, or the exit status that a run would end with, and why in check->trouble. */
static int take_groups(struct check *check, char *url, bool searched)
{
	struct visited visited = {0};
	struct reply reply;
	int status = 0;

	while (url && !status) {
		cJSON *tree;
		const cJSON *group;

		if (!visited_add(&visited, url)) {
			buffer_clear(&check->trouble);
			buffer_add_string(&check->trouble, "the next page's link leads back to a page that was read already: try again later");
			free(url);
			status = STATUS_PROTOCOL;
			break;
		}
		status = check_ask(check, url, "the list of groups", BUCKET_GROUPS, &reply);
		tree = status ? NULL : cJSON_ParseWithLength(reply.body.data, reply.body.length);
		cJSON_ArrayForEach(group, tree)
			take_group(check, group, searched);
		cJSON_Delete(tree);
		url = status || !reply.next ? NULL : memory_copy_string(reply.next);
		reply_free(&reply);
	}
	visited_clear(&visited);
	return status;
}

/* Forgets what a list that failed had brought. */
static void forget_groups(struct check *check)
{
	for (size_t i = 0; i < check->name_count; i++)
		free(check->names[i]);
	free(check->example);
	check->example = NULL;
	for (size_t i = 0; i < check->known_count; i++) {
		free(check->known[i].name);
		check->known[i].name = NULL;
	}
	check->name_count = check->built_in_count = 0;
	check->groups = check->member_calls = 0;
	check->example_has_members = false;
}

/* The groups that the app sees, with their sizes where the org gives them. */
bool check_groups_seen(struct check *check)
{
	const struct settings *settings = check->settings;
	int status = take_groups(check, check_url_of(check, "/api/v1/groups?limit=200&expand=stats", NULL), false);
	bool named = settings->groups.count || settings->group_search || settings->built_in;
	size_t count;

	if (status) {
		forget_groups(check);
		status = take_groups(check, check_url_of(check, "/api/v1/groups?limit=200", NULL), false);
	}
	count = check->name_count;
	if (status)
		check_report(status, "role: groups", "%s", buffer_string(&check->trouble));
	else if (count > (named ? 0 : check->built_in_count))
		check_report(0, "role: groups", "%zu group%s shown to the app%s", count, count == 1 ? " is" : "s are",
			check->built_in_count ? ", built-in ones among them" : "");
	else
		check_report(STATUS_REFUSED, "role: groups", "no group is shown to the app%s: give its admin role the permission \"View groups and "
			"their details\", and its resource set the groups to ingest (%s)", count ? " but built-in ones" : "", CHECK_ROLE_PLACE);
	return !status && count;
}

/* Reports the groups that a run reads by their ids, and marks their names. */
static void report_renamed(struct check *check, bool *renamed)
{
	for (size_t i = 0; i < check->known_count; i++) {
		const struct known_match *match = &check->known[i];

		if (!match->name || check->named_found[match->index])
			continue;
		renamed[match->index] = true;
		check_report(0, "groups", "group \"%s\" was renamed in Okta to "
			"\"%s\": it is read by its id %s; change the "
			"configuration",
			check->settings->groups.items[match->index],
			match->name, match->id);
		if (match->members >= 0)
			count_group(check, match->id, match->members);
		/* It is read once, whatever names it had. */
		for (size_t k = i + 1; k < check->known_count
			&& strcmp(check->known[k].id, match->id) == 0; k++)
			check->known[k].members = -1;
	}
}

void check_groups_wanted(struct check *check)
{
	const struct settings *settings = check->settings;
	bool *renamed = memory_alloc((settings->groups.count + 1)
		* sizeof *renamed);

	report_renamed(check, renamed);
	for (size_t i = 0; i < settings->groups.count; i++) {
		const char *name = settings->groups.items[i];
		struct buffer near = BUFFER_EMPTY;

		if (renamed[i])
			continue;
		if (!check->named_found[i])
			nearest_add(&near, name, check->names,
				check->name_count);
		if (check->named_found[i])
			check_report(0, "groups", "\"%s\" is there", name);
		else
			check_report(settings->missing == MISSING_WARN ? 0 : STATUS_CONFIG, "groups", "\"%s\" is not among the groups that the app "
				"sees%s%s: compare with Directory > Groups, and with the groups of the resource set", name,
				near.length ? "; the nearest names: " : "", buffer_string(&near));
		buffer_free(&near);
	}
	free(renamed);
	if (settings->group_search) {
		unsigned long before = check->groups;
		int status = take_groups(check, check_url_of(check, "/api/v1/groups?limit=200&expand=stats", settings->group_search), true);

		if (status)
			check_report(status, "groups", "%s", buffer_string(&check->trouble));
		else
			check_report(check->groups > before ? 0 : STATUS_CONFIG, "groups", "the group search finds %lu: %s", check->groups - before,
				settings->group_search);
	} else if (!settings->groups.count) {
		check_report(0, "groups", "all %lu%s will be ingested; --group names single ones", check->groups,
			settings->built_in ? "" : " that are not built in");
	} else if (!check->groups && settings->missing == MISSING_WARN) {
		check_report(STATUS_CONFIG, "groups", "none of the named groups was found: a run has nothing to read");
	}
}

void check_members(struct check *check)
{
	struct reply reply;
	struct buffer path = BUFFER_EMPTY;
	int status;

	if (!check->example || check->settings->users == USERS_NONE)
		return;
	buffer_add_format(&path, "/api/v1/groups/%s/users?limit=1", check->example);
	status = check_ask(check, check_url_of(check, buffer_string(&path), NULL), "the members of a group", BUCKET_GROUPS, &reply);
	if (status)
		check_report(status, "role: members", "group %s: %s", check->example, buffer_string(&check->trouble));
	else if (!reply_count(&reply) && check->example_has_members)
		check_report(STATUS_REFUSED, "role: members", "group %s has members, but none is shown to the app: add all users to the resource "
			"set (%s)", check->example, CHECK_ROLE_PLACE);
	else
		check_report(0, "role: members", "members of groups are shown to the app");
	buffer_free(&path);
	reply_free(&reply);
}
