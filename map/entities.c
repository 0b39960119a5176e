#include "entities.h"

#include <stdlib.h>
#include <strings.h>

#include "buffer.h"
#include "json_string.h"
#include "memory.h"

struct writer {
	const struct directory *directory;
	const struct settings *settings;
	struct output *output;
	struct buffer line;
};

static int by_name(const void *left, const void *right)
{
	const struct party *a = *(const struct party *const *)left, *b = *(const struct party *const *)right;

	return strcasecmp(a->name, b->name);
}

static int by_user_then_group(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	return a->user != b->user ? (a->user > b->user) - (a->user < b->user) : (a->group > b->group) - (a->group < b->group);
}

static int by_group_then_user(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	return a->group != b->group ? (a->group > b->group) - (a->group < b->group) : (a->user > b->user) - (a->user < b->user);
}

static void add_text(struct buffer *line, const char *text)
{
	json_string_encode(line, slice_of_string(text));
}

/* ,"name":"text" (without the comma behind an opening bracket), or nothing when the text is absent. */
static void add_member(struct buffer *line, const char *name, const char *text)
{
	if (!text)
		return;
	if (line->data[line->length - 1] != '{')
		buffer_add_byte(line, ',');
	add_text(line, name);
	buffer_add_byte(line, ':');
	add_text(line, text);
}

static void add_start(struct writer *writer, const char *kind, const struct party *party)
{
	struct buffer *line = &writer->line;

	buffer_clear(line);
	buffer_add_format(line, "{\"apiVersion\":\"backstage.io/v1alpha1\",\"kind\":\"%s\",\"metadata\":{", kind);
	add_member(line, "name", party->name);
	if (strcmp(writer->settings->name_space, "default") != 0)
		add_member(line, "namespace", writer->settings->name_space);
	add_member(line, "title", party->title);
}

/* "name":[refs], by name; the comma before it only where something stands there. */
static void add_refs(struct writer *writer, const char *name, const char *kind, const struct party **order, size_t count)
{
	struct buffer *line = &writer->line;
	bool first = true;

	qsort(order, count, sizeof(struct party *), by_name);
	if (line->data[line->length - 1] != '{')
		buffer_add_byte(line, ',');
	buffer_add_format(line, "\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		if (!first)
			buffer_add_byte(line, ',');
		first = false;
		buffer_add_format(line, "\"%s:%s/%s\"", kind, writer->settings->name_space, order[i]->name);
	}
	buffer_add_byte(line, ']');
}

/* The other ends of a party's edges; edges is sorted by own side. */
static size_t collect(const struct directory *d, bool of_user, uint32_t number, const struct party ***others)
{
	size_t low = 0, high = d->edge_count, count = 0, end;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if ((of_user ? d->edges[middle].user : d->edges[middle].group) < number)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < d->edge_count && (of_user ? d->edges[end].user : d->edges[end].group) == number; end++)
		;
	*others = memory_alloc((end - low + 1) * sizeof(struct party *));
	for (size_t i = low; i < end; i++)
		(*others)[count++] = of_user ? &d->groups.at[d->edges[i].group] : &d->users.at[d->edges[i].user];
	return count;
}

static void add_profile(struct buffer *line, const struct party *party, const char *email)
{
	if (!party->title && !email && !party->picture)
		return;
	buffer_add_string(line, "\"profile\":{");
	add_member(line, "displayName", party->title);
	add_member(line, "email", email);
	add_member(line, "picture", party->picture);
	buffer_add_byte(line, '}');
	buffer_add_byte(line, ',');
}

static bool write_line(struct writer *writer)
{
	buffer_add_byte(&writer->line, '\n');
	return output_write(writer->output, writer->line.data, writer->line.length);
}

static bool write_group(struct writer *writer, const struct party *group, const struct party **members, size_t count)
{
	struct buffer *line = &writer->line;

	add_start(writer, "Group", group);
	add_member(line, "description", group->description);
	buffer_add_string(line, ",\"annotations\":{");
	add_member(line, "okta.com/group-id", group->id);
	add_member(line, "okta.com/group-type", group->okta_type);
	buffer_add_string(line, "}},\"spec\":{");
	add_member(line, "type", writer->settings->group_type);
	buffer_add_byte(line, ',');
	add_profile(line, group, NULL);
	buffer_add_string(line, "\"children\":[]");
	if (writer->settings->membership != MEMBERSHIP_MEMBER_OF)
		add_refs(writer, "members", "user", members, count);
	buffer_add_string(line, "}}");
	return write_line(writer);
}

static bool write_user(struct writer *writer, const struct party *user, const struct party **groups, size_t count)
{
	struct buffer *line = &writer->line;
	const char *email = user->carries_email ? user->email : NULL;

	add_start(writer, "User", user);
	buffer_add_string(line, ",\"annotations\":{");
	add_member(line, "okta.com/user-id", user->id);
	add_member(line, "okta.com/login", user->login);
	add_member(line, "okta.com/email", email);
	buffer_add_string(line, "}},\"spec\":{");
	add_profile(line, user, email);
	if (line->data[line->length - 1] == ',')
		line->length--;
	if (writer->settings->membership == MEMBERSHIP_MEMBERS)
		count = 0;
	add_refs(writer, "memberOf", "group", groups, count);
	buffer_add_string(line, "}}");
	return write_line(writer);
}

/* Drops the edges that lead to somebody without a record, and what is said twice. */
static void clean_edges(struct directory *d, struct left_out *left_out)
{
	size_t kept = 0;

	qsort(d->edges, d->edge_count, sizeof *d->edges, by_group_then_user);
	for (size_t i = 0; i < d->edge_count; i++) {
		const struct edge *edge = &d->edges[i];

		if (i && edge->group == d->edges[i - 1].group && edge->user == d->edges[i - 1].user)
			continue;
		if (!parties_has(&d->groups, edge->group))
			left_out->groups++;
		else if (!parties_has(&d->users, edge->user))
			left_out->users++;
		else
			d->edges[kept++] = *edge;
	}
	d->edge_count = kept;
}

static bool write_all(struct writer *writer, const struct parties *parties, bool users)
{
	const struct directory *d = writer->directory;
	const struct party **order = memory_alloc((parties->count + 1) * sizeof(struct party *));
	size_t count = 0;
	bool good = true;

	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties_has(parties, i))
			order[count++] = &parties->at[i];
	qsort(order, count, sizeof(struct party *), by_name);
	for (size_t i = 0; good && i < count; i++) {
		const struct party **others;
		size_t n = collect(d, users, (uint32_t)(order[i] - parties->at), &others);

		good = users ? write_user(writer, order[i], others, n) : write_group(writer, order[i], others, n);
		free(others);
	}
	free(order);
	return good;
}

static bool write_end(struct writer *writer)
{
	struct buffer *line = &writer->line;

	buffer_clear(line);
	buffer_add_format(line, "{\"kind\":\"End\",\"groups\":%lu,\"users\":%lu", (unsigned long)writer->directory->groups.count,
		(unsigned long)writer->directory->users.count);
	add_member(line, "id", writer->directory->org_id);
	add_member(line, "oktaUrl", writer->directory->okta_url);
	if (writer->directory->calls >= 0 && writer->directory->waited_seconds >= 0)
		buffer_add_format(line, ",\"calls\":%lld,\"waitedSeconds\":%lld", writer->directory->calls, writer->directory->waited_seconds);
	buffer_add_byte(line, '}');
	return write_line(writer);
}

bool entities_write(struct directory *d, const struct settings *settings, struct output *output, struct left_out *left_out)
{
	struct writer writer = {d, settings, output, BUFFER_EMPTY};
	bool good;

	if (d->edge_count)
		clean_edges(d, left_out);
	good = write_all(&writer, &d->groups, false);
	if (d->edge_count)
		qsort(d->edges, d->edge_count, sizeof *d->edges, by_user_then_group);
	good = good && write_all(&writer, &d->users, true) && write_end(&writer);
	buffer_free(&writer.line);
	return good;
}
