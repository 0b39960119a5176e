#include "groups.h"

#include <stdlib.h>
#include <strings.h>

#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "search.h"

/* 200 is what Okta recommends; more are answered, but slowly. */
#define GROUPS_PATH "/api/v1/groups?limit=200"

/* Groups that wait for their members before the next page is asked for. */
enum { WAITING_LIMIT = 400, WAITING_BYTES = 1024 * 1024 };

void group_free(struct group *group)
{
	if (!group)
		return;
	free(group->id);
	free(group->name);
	free(group->text);
	free(group->updated);
	free(group);
}

struct group *groups_take(struct groups *groups)
{
	struct group *group = groups->first;

	if (!group)
		return NULL;
	groups->first = group->next;
	groups->waiting_bytes -= group->text_length;
	if (--groups->waiting < WAITING_LIMIT / 2 && groups->waiting_bytes < WAITING_BYTES && groups->walk.held)
		walk_go_on(&groups->walk);
	return group;
}

void groups_free(struct groups *groups)
{
	for (struct group *group; (group = groups->first);) {
		groups->first = group->next;
		group_free(group);
	}
	for (size_t i = 0; groups->nearest && i < groups->org->settings->groups.count; i++)
		free(groups->nearest[i]);
	free(groups->nearest);
	free(groups->named_found);
	known_matches_free(groups->known, groups->known_count);
	walk_free(&groups->walk);
}

static bool keeps(void *owner, const struct walk_fields *fields)
{
	(void)owner;
	(void)fields;
	return true;
}

/* A JSON string's text; free() it. */
static char *copy_text(struct slice raw)
{
	struct buffer text = BUFFER_EMPTY;
	char *copy;

	json_string_decode(raw, &text);
	copy = memory_copy_bytes(text.data, text.length);
	buffer_free(&text);
	return copy;
}

static void read_string(struct json_cursor *cursor, struct slice *raw)
{
	struct slice ignored;

	if (json_peek(cursor) == JSON_STRING)
		json_string_raw(cursor, raw);
	else
		json_skip(cursor, &ignored);
}

/* profile.name ("" when there is none) and lastMembershipUpdated (or NULL); free() both. */
static void read_group(struct slice text, char **name, char **updated)
{
	struct json_cursor cursor = json_cursor(text.data, text.length);
	struct slice key, raw_name = {"", 0}, raw_updated = {NULL, 0}, ignored;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		if (slice_equals(key, "lastMembershipUpdated")) {
			read_string(&cursor, &raw_updated);
		} else if (slice_equals(key, "profile") && json_peek(&cursor) == JSON_OBJECT) {
			json_enter_object(&cursor);
			while (json_next_member(&cursor, &key))
				if (slice_equals(key, "name"))
					read_string(&cursor, &raw_name);
				else
					json_skip(&cursor, &ignored);
		} else {
			json_skip(&cursor, &ignored);
		}
	}
	*name = copy_text(raw_name);
	*updated = raw_updated.data ? copy_text(raw_updated) : NULL;
}

/* Marks the names and ids that the group answers to; true when there is one. */
static bool is_named(struct groups *groups, struct slice id, const char *name)
{
	const struct option_list *names = &groups->org->settings->groups;
	bool named = false;

	for (size_t i = 0; i < names->count; i++) {
		if (slice_equals(id, names->items[i]) || strcmp(name, names->items[i]) == 0)
			named = groups->named_found[i] = true;
		else if (!groups->nearest[i] && strcasecmp(name, names->items[i]) == 0)
			groups->nearest[i] = memory_copy_string(name);
	}
	return named;
}

/*
 * Marks the configured names that the group had before it was renamed, and
 * reports each once; true when there is one.
 */
static bool was_named(struct groups *groups, struct slice id, const char *name)
{
	const struct option_list *names = &groups->org->settings->groups;
	size_t count;
	struct known_match *match = known_matches_find(groups->known,
		groups->known_count, id, &count);

	for (size_t i = 0; i < count; i++, match++) {
		const char *configured = names->items[match->index];

		groups->named_found[match->index] = true;
		if (!match->name && strcmp(configured, name) != 0)
			warn("group \"%s\" was renamed in Okta to \"%s\": it is "
				"read by its id %s; change the configuration",
				configured, name, match->id);
		if (!match->name)
			match->name = memory_copy_string(name);
	}
	return count;
}

static void add(struct groups *groups, struct walk *walk, const struct walk_object *object)
{
	struct slice id = walk_id(walk, object), text = walk_text(walk, object);
	const struct settings *settings = groups->org->settings;
	char *name, *updated;
	struct group *group;
	bool named;

	read_group(text, &name, &updated);
	named = is_named(groups, id, name);
	named = was_named(groups, id, name) || named;
	groups->saw_built_in = groups->saw_built_in || object->built_in;
	if ((!named && settings->groups.count && !groups->searched) || (object->built_in && !named && !settings->built_in)
		|| !seen_add(&groups->org->seen, id)) {
		walk->brought_new = walk->brought_new || !seen_has(&groups->org->seen, id);
		free(name);
		free(updated);
		return;
	}
	walk->brought_new = true;
	group = memory_alloc(sizeof *group);
	group->id = memory_copy_bytes(id.data, id.length);
	group->name = name;
	group->updated = updated;
	group->text = memory_copy_bytes(text.data, text.length);
	group->text_length = text.length;
	if (groups->first)
		groups->last->next = group;
	else
		groups->first = group;
	groups->last = group;
	groups->waiting++;
	groups->waiting_bytes += group->text_length;
	groups->found++;
}

static void page_done(void *owner, struct walk *walk)
{
	struct groups *groups = owner;

	if (groups->searched)
		groups->search_hits += walk->count;
	for (size_t i = 0; i < walk->count; i++)
		add(groups, walk, &walk->objects[i]);
	walk->held = groups->waiting >= WAITING_LIMIT || groups->waiting_bytes >= WAITING_BYTES;
}

/* Names each group that was asked for and is not there. */
static int check_names(struct groups *groups)
{
	const struct settings *settings = groups->org->settings;
	int status = STATUS_OK;

	for (size_t i = 0; i < settings->groups.count; i++) {
		const char *name = settings->groups.items[i], *nearest = groups->nearest[i];

		if (groups->named_found[i])
			continue;
		if (settings->missing == MISSING_WARN)
			warn("no group \"%s\" that this app may see%s%s%s: left out", name,
				nearest ? ", but \"" : "", nearest ? nearest : "", nearest ? "\"" : "");
		else if (nearest)
			status = fail(STATUS_CONFIG, "no group \"%s\", but \"%s\": names are compared to the letter", name, nearest);
		else
			status = fail(STATUS_CONFIG, "no group \"%s\" that this app may see: compare with Directory > Groups in Okta, "
				"and with the groups of the app's resource set", name);
	}
	return status;
}

static int check_found(const struct groups *groups)
{
	const struct settings *settings = groups->org->settings;

	if (settings->group_search && !groups->search_hits)
		return fail(STATUS_CONFIG, "the group search finds nothing: %s", settings->group_search);
	if (groups->found)
		return STATUS_OK;
	if (settings->groups.count)
		return fail(STATUS_CONFIG, "none of the named groups was found");
	if (groups->saw_built_in)
		return fail(STATUS_REFUSED, "Okta shows this app only built-in groups, which are read with --built-in: add the company's "
			"groups to the resource set of the app's admin role");
	return fail(STATUS_REFUSED, "Okta shows this app no groups: " ORG_ROLE_HINT);
}

/* An expression for known groups, as many as fit in one request, each once. */
static void add_known(struct buffer *expression, struct groups *groups)
{
	const struct known_match *known = groups->known;
	size_t terms = 0, i;

	for (; (i = groups->next_known) < groups->known_count;
		groups->next_known++) {
		if (i && strcmp(known[i].id, known[i - 1].id) == 0)
			continue;
		if (terms == SEARCH_BATCH_TERMS)
			break;
		buffer_add_format(expression, "%sid eq \"%s\"",
			terms++ ? " or " : "", known[i].id);
	}
}

/*
 * The next list to walk: named groups in batches, then those that had a name
 * which was not found, then the search, or else all; NULL: no further one.
 */
static char *next_url(struct groups *groups)
{
	const struct settings *settings = groups->org->settings;
	struct buffer expression = BUFFER_EMPTY;
	char *url;

	if (groups->next_name < settings->groups.count) {
		search_add_groups(&expression, &settings->groups, &groups->next_name);
		url = search_url(settings->origin, GROUPS_PATH, buffer_string(&expression));
		buffer_free(&expression);
		return url;
	}
	if (!groups->known)
		groups->known = known_groups_match(&settings->known,
			&settings->groups, groups->named_found,
			&groups->known_count);
	if (groups->next_known < groups->known_count) {
		add_known(&expression, groups);
		url = search_url(settings->origin, GROUPS_PATH,
			buffer_string(&expression));
		buffer_free(&expression);
		return url;
	}
	if (groups->searched || (settings->groups.count && !settings->group_search))
		return NULL;
	groups->searched = true;
	return search_url(settings->origin, GROUPS_PATH, settings->group_search);
}

static void ended(void *owner, struct walk *walk, long status)
{
	struct groups *groups = owner;
	char *url = next_url(groups);
	int wrong;

	(void)status;
	if (url) {
		walk_start(walk, &groups->org->client, url);
		return;
	}
	groups->done = true;
	wrong = check_names(groups);
	client_end(&groups->org->client, wrong ? wrong : check_found(groups));
}

void groups_start(struct groups *groups, struct org *org)
{
	size_t count = org->settings->groups.count;

	groups->org = org;
	groups->named_found = memory_alloc(count * sizeof *groups->named_found);
	groups->nearest = memory_alloc(count * sizeof *groups->nearest);
	groups->walk.owner = groups;
	groups->walk.object_name = "group";
	groups->walk.keeps = keeps;
	groups->walk.page_done = page_done;
	groups->walk.ended = ended;
	groups->walk.request.what = "the list of groups";
	groups->walk.request.bucket = BUCKET_GROUPS;
	groups->walk.request.urgent = true;
	groups->walk.page_size = &org->groups_page;
	walk_start(&groups->walk, &org->client, next_url(groups));
}
