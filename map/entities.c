#include "entities.h"

#include <stdlib.h>

#include "buffer.h"
#include "early.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "name_order.h"
#include "pieces.h"
#include "records.h"

/* MEMORY: bytes an entity that may be in use while entities are written; OWN: of these, what an id and a place in orders and rows take. */
enum { AHEAD = 4, MEMORY = 145, OWN = 24 + 12 };

static const char shorten[] = "shorten what is so long in Okta, or leave it out with jq before okta-map";

struct writer {
	struct directory *directory;
	const struct settings *settings;
	struct output *output;
	int status;              /* of what is too long */
	struct buffer line;
	struct pieces pieces;
	const char *space;       /* ,"namespace":"x" or nothing */
	struct buffer refs;      /* all groups' refs as JSON strings, one behind the other */
	struct ref {
		uint32_t start, length;
	} *ref;                  /* by group: where its ref is in refs */
};

/* buffer_add, where there mostly is room. */
static inline void add_bytes(struct writer *writer, const char *bytes, size_t length)
{
	struct buffer *line = &writer->line;

	if (line->capacity - line->length <= length)
		buffer_reserve(line, length);
	if (length)
		memcpy(line->data + line->length, bytes, length);
	line->length += length;
}

/* The length of a constant is known when this is compiled. */
static inline void add(struct writer *writer, const char *text)
{
	add_bytes(writer, text, strlen(text));
}

static inline void add_slice(struct writer *writer, struct slice json)
{
	add_bytes(writer, json.data, json.length);
}

/* before, a piece, after; nothing when the piece is absent. */
static inline bool add_piece(struct writer *writer, const char *before, enum piece piece, const char *after)
{
	struct slice json = writer->pieces.found[piece];

	if (!json.length)
		return false;
	add(writer, before);
	add_slice(writer, json);
	add(writer, after);
	return true;
}

/* "user:default/ana.ruiz", with its quotes: names are letters, digits and - _ . only. */
static void add_ref(const struct writer *writer, struct buffer *json, const struct parties *parties, uint32_t number)
{
	buffer_add_byte(json, '"');
	buffer_add_string(json, parties->what);
	buffer_add_byte(json, ':');
	buffer_add_string(json, writer->settings->name_space);
	buffer_add_byte(json, '/');
	buffer_add_string(json, parties->at[number].name);
	buffer_add_byte(json, '"');
}

/* The entity up to its first annotation, Okta's id. */
static bool add_start(struct writer *writer, const struct parties *parties, uint32_t number, const char *kind)
{
	buffer_clear(&writer->line);
	add(writer, "{\"apiVersion\":\"backstage.io/v1alpha1\",\"kind\":\"");
	add(writer, kind);
	add(writer, "\",\"metadata\":{\"name\":\"");
	add(writer, parties->at[number].name);
	add(writer, "\"");
	add(writer, writer->space);
	if (!pieces_load(&writer->pieces, &writer->directory->spool, &parties->at[number]))
		return false;
	add_piece(writer, ",\"title\":", PIECE_TITLE, "");
	add_piece(writer, ",\"description\":", PIECE_DESCRIPTION, "");
	add(writer, ",\"annotations\":{\"okta.com/");
	add(writer, parties->what);
	add(writer, "-id\":");
	json_string_encode(&writer->line, parties_id(parties, number));
	return true;
}

/* ,"profile":{...} with what there is of it. */
static void add_profile(struct writer *writer, bool email)
{
	size_t start;

	add(writer, "\"profile\":{");
	start = writer->line.length;
	add_piece(writer, "\"displayName\":", PIECE_TITLE, ",");
	if (email)
		add_piece(writer, "\"email\":", PIECE_EMAIL, ",");
	add_piece(writer, "\"picture\":", PIECE_PICTURE, ",");
	if (writer->line.length == start) {
		writer->line.length -= strlen("\"profile\":{");
		return;
	}
	writer->line.data[writer->line.length - 1] = '}';
	add(writer, ",");
}

/* Writes the line of a party; false after a message, also when it is longer than a record may be. */
static bool end_line(struct writer *writer, const struct parties *parties, uint32_t number, const char *advice)
{
	add(writer, "}}\n");
	if (writer->line.length - 1 <= RECORD_LINE_LIMIT)
		return output_write(writer->output, writer->line.data, writer->line.length);
	writer->status = fail(STATUS_DATA, "%s %.*s (%s): its entity has %zu MiB, and a record has at most %d: %s", parties->what,
		SLICE_ARG(parties_id(parties, number)), parties->at[number].name, (writer->line.length >> 20) + 1, RECORD_LINE_LIMIT >> 20, advice);
	return false;
}

static bool write_user(struct writer *writer, uint32_t number)
{
	const struct directory *d = writer->directory;
	const struct adjacency *groups = &d->memberships.groups;
	const struct party *user = &d->users.at[number];

	if (!add_start(writer, &d->users, number, "User"))
		return false;
	add_piece(writer, ",\"okta.com/login\":", PIECE_LOGIN, "");
	if (user->carries_email)
		add_piece(writer, ",\"okta.com/email\":", PIECE_EMAIL, "");
	if (user->above != NOBODY) {
		add(writer, ",\"okta.com/manager\":");
		add_ref(writer, &writer->line, &d->users, user->above);
	}
	add_slice(writer, writer->pieces.found[PIECE_ANNOTATIONS]);
	add(writer, "}},\"spec\":{");
	add_profile(writer, user->carries_email);
	add(writer, "\"memberOf\":[");
	if (writer->settings->membership != MEMBERSHIP_MEMBERS)
		for (uint32_t i = groups->start[number]; i < groups->start[number + 1]; i++) {
			struct ref ref = writer->ref[groups->to[i]];

			if (i > groups->start[number] && groups->to[i] == groups->to[i - 1])
				continue;
			add_bytes(writer, writer->refs.data + ref.start, ref.length);
			add(writer, ",");
		}
	if (writer->line.data[writer->line.length - 1] == ',')
		writer->line.length--;
	add(writer, "]");
	return end_line(writer, &d->users, number, shorten);
}

static bool write_group(struct writer *writer, uint32_t number)
{
	const struct directory *d = writer->directory;
	const struct adjacency *members = &d->memberships.members;
	uint32_t parent = d->groups.at[number].above;

	if (!add_start(writer, &d->groups, number, "Group"))
		return false;
	add_piece(writer, ",\"okta.com/group-type\":", PIECE_OKTA_TYPE, "");
	add_slice(writer, writer->pieces.found[PIECE_ANNOTATIONS]);
	add_piece(writer, "}},\"spec\":{\"type\":", PIECE_TYPE, ",");
	add_profile(writer, false);
	if (parent != NOBODY) {
		add(writer, "\"parent\":");
		add_ref(writer, &writer->line, &d->groups, parent);
		add(writer, ",");
	}
	add(writer, "\"children\":[]");
	if (writer->settings->membership != MEMBERSHIP_MEMBER_OF) {
		add(writer, ",\"members\":[");
		for (uint32_t i = members->start[number]; i < members->start[number + 1]; i++) {
			if (i > members->start[number] && members->to[i] == members->to[i - 1])
				continue;
			if (i > members->start[number])
				add(writer, ",");
			add_ref(writer, &writer->line, &d->users, members->to[i]);
		}
		add(writer, "]");
	}
	return end_line(writer, &d->groups, number, writer->settings->membership == MEMBERSHIP_MEMBER_OF
		? shorten
		: "have the memberships written to the users (--membership memberOf)");
}

/* Has the memory fetched that the users to come need, in the order in which one thing leads to the next. */
static void expect_user(const struct writer *writer, const uint32_t *order, uint32_t i)
{
	const struct directory *d = writer->directory;
	const struct adjacency *groups = &d->memberships.groups;

	if (d->users.count - i <= 3 * AHEAD)
		return;
	early(&d->users.at[order[i + 3 * AHEAD]]);
	early(&groups->start[order[i + 3 * AHEAD]]);
	early(d->users.at[order[i + 2 * AHEAD]].name);
	early(&groups->to[groups->start[order[i + 2 * AHEAD]]]);
	id_table_early(&d->users.ids, order[i + 2 * AHEAD]);
	if (d->users.at[order[i + AHEAD]].spooled < d->spool.kept.length)
		early(d->spool.kept.data + d->users.at[order[i + AHEAD]].spooled);
	for (uint32_t k = groups->start[order[i + AHEAD]]; k < groups->start[order[i + AHEAD] + 1]; k++)
		early(&writer->ref[groups->to[k]]);
}

static void make_refs(struct writer *writer, const uint32_t *order)
{
	const struct parties *groups = &writer->directory->groups;

	writer->ref = memory_resize(NULL, groups->ids.count, sizeof *writer->ref);
	for (uint32_t i = 0; i < groups->count; i++) {
		struct ref *ref = &writer->ref[order[i]];

		ref->start = (uint32_t)writer->refs.length;
		add_ref(writer, &writer->refs, groups, order[i]);
		ref->length = (uint32_t)writer->refs.length - ref->start;
	}
}

static void make_namespace(const char *name_space, struct buffer *json)
{
	if (strcmp(name_space, "default") != 0)
		buffer_add_format(json, ",\"namespace\":\"%s\"", name_space);
}

/* Of what is spooled, as much as there is memory for now that names are settled: long names leave less. */
static bool recall(struct directory *d)
{
	size_t rows = (size_t)d->users.ids.count + d->groups.ids.count, may = MEMORY * rows;
	size_t used = rows * (sizeof(struct party) + OWN) + d->names.size + d->spool.kept.length;

	return spool_recall(&d->spool, may > used ? may - used : 0);
}

int entities_write(struct directory *d, const struct settings *settings, struct output *output)
{
	struct buffer space = BUFFER_EMPTY;
	struct writer writer = {.directory = d, .settings = settings, .output = output};
	uint32_t *groups = name_order(&d->groups), *users;
	bool good = true;

	adjacency_turn(&d->memberships.groups, &d->memberships.members, d->users.ids.count, groups, d->groups.count);
	adjacency_free(&d->memberships.members);
	users = name_order(&d->users);
	if (settings->membership != MEMBERSHIP_MEMBER_OF)
		adjacency_turn(&d->memberships.members, &d->memberships.groups, d->groups.ids.count, users, d->users.count);
	good = recall(d);
	make_namespace(settings->name_space, &space);
	writer.space = buffer_string(&space);
	make_refs(&writer, groups);
	for (uint32_t i = 0; good && i < d->groups.count; i++)
		good = write_group(&writer, groups[i]);
	for (uint32_t i = 0; good && i < d->users.count; i++) {
		expect_user(&writer, users, i);
		good = write_user(&writer, users[i]);
	}
	free(groups);
	free(users);
	free(writer.ref);
	buffer_free(&writer.refs);
	buffer_free(&writer.line);
	buffer_free(&space);
	pieces_free(&writer.pieces);
	return good ? STATUS_OK : writer.status ? writer.status : spool_status(&d->spool) ? spool_status(&d->spool) : STATUS_IO;
}

static void add_member(struct buffer *line, const char *name, const char *text)
{
	if (!text)
		return;
	buffer_add_format(line, ",\"%s\":", name);
	json_string_encode(line, slice_of_string(text));
}

bool entities_write_end(const struct directory *d, struct output *output)
{
	struct buffer line = BUFFER_EMPTY;
	bool good;

	buffer_add_format(&line, "{\"kind\":\"End\",\"groups\":%lu,\"users\":%lu", (unsigned long)d->groups.count, (unsigned long)d->users.count);
	add_member(&line, "id", d->org_id);
	add_member(&line, "oktaUrl", d->okta_url);
	if (d->calls >= 0 && d->waited_seconds >= 0)
		buffer_add_format(&line, ",\"calls\":%lld,\"waitedSeconds\":%lld", d->calls, d->waited_seconds);
	buffer_add_string(&line, "}\n");
	good = output_write(output, line.data, line.length);
	buffer_free(&line);
	return good;
}
