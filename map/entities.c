#include "entities.h"

#include <stdlib.h>

#include "buffer.h"
#include "crew.h"
#include "early.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "name_order.h"
#include "pieces.h"
#include "records.h"

/*
 * MEMORY: bytes an entity that may be in use while entities are written; OWN: of these, what an id and a place in orders and rows take.
 * AT_ONCE: most entities that one thread writes before the next ones are claimed, and about how many bytes.
 */
enum { AHEAD = 4, MEMORY = 145, OWN = 24 + 12, AT_ONCE = 128, BYTES_AT_ONCE = 128 * 1024 };

/* What all who write know, and nobody changes meanwhile. */
struct writing {
	struct directory *directory;
	const struct settings *settings;
	struct output *output;
	const char *space;       /* ,"namespace":"x" or nothing */
	struct buffer refs;      /* all groups' refs as JSON strings, one behind the other */
	struct ref {
		uint32_t start, length;
	} *ref;                  /* by group: where its ref is in refs */
	const uint32_t *order;   /* of the users, or of the groups */
	uint32_t next, count;    /* claimed so far, and in all */
	bool users;
	int status;              /* of what is too long */
};

/* Who writes the lines of some entities. */
struct writer {
	const struct writing *shared;
	uint32_t from, to;       /* places in the order */
	uint32_t too_long;       /* whose line is, or NOBODY */
	bool failed;             /* to read the spool: reported */
	size_t start;            /* of the line being written */
	struct buffer lines;
	struct pieces pieces;
};

/* buffer_add, where there mostly is room. */
static inline void add_bytes(struct writer *writer, const char *bytes, size_t length)
{
	struct buffer *line = &writer->lines;

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
static void add_ref(const struct writing *writing, struct buffer *json, const struct parties *parties, uint32_t number)
{
	buffer_add_byte(json, '"');
	buffer_add_string(json, parties->what);
	buffer_add_byte(json, ':');
	buffer_add_string(json, writing->settings->name_space);
	buffer_add_byte(json, '/');
	buffer_add_string(json, parties->at[number].name);
	buffer_add_byte(json, '"');
}

/* The entity up to its first annotation, Okta's id. */
static bool add_start(struct writer *writer, const struct parties *parties, uint32_t number, const char *kind)
{
	writer->start = writer->lines.length;
	add(writer, "{\"apiVersion\":\"backstage.io/v1alpha1\",\"kind\":\"");
	add(writer, kind);
	add(writer, "\",\"metadata\":{\"name\":\"");
	add(writer, parties->at[number].name);
	add(writer, "\"");
	add(writer, writer->shared->space);
	if (!pieces_load(&writer->pieces, &writer->shared->directory->spool, &parties->at[number]))
		return false;
	add_piece(writer, ",\"title\":", PIECE_TITLE, "");
	add_piece(writer, ",\"description\":", PIECE_DESCRIPTION, "");
	add(writer, ",\"annotations\":{\"okta.com/");
	add(writer, parties->what);
	add(writer, "-id\":");
	json_string_encode(&writer->lines, parties_id(parties, number));
	return true;
}

/* ,"profile":{...} with what there is of it. */
static void add_profile(struct writer *writer, bool email)
{
	size_t start;

	add(writer, "\"profile\":{");
	start = writer->lines.length;
	add_piece(writer, "\"displayName\":", PIECE_TITLE, ",");
	if (email)
		add_piece(writer, "\"email\":", PIECE_EMAIL, ",");
	add_piece(writer, "\"picture\":", PIECE_PICTURE, ",");
	if (writer->lines.length == start) {
		writer->lines.length -= strlen("\"profile\":{");
		return;
	}
	writer->lines.data[writer->lines.length - 1] = '}';
	add(writer, ",");
}

/* False when the line is longer than a record may be. */
static bool end_line(struct writer *writer, uint32_t number)
{
	add(writer, "}}\n");
	if (writer->lines.length - 1 - writer->start > RECORD_LINE_LIMIT)
		writer->too_long = number;
	return writer->too_long == NOBODY;
}

static bool write_user(struct writer *writer, uint32_t number)
{
	const struct writing *shared = writer->shared;
	const struct directory *d = shared->directory;
	const struct adjacency *groups = &d->memberships.groups;
	const struct party *user = &d->users.at[number];

	if (!add_start(writer, &d->users, number, "User"))
		return false;
	add_piece(writer, ",\"okta.com/login\":", PIECE_LOGIN, "");
	if (!user->withholds_email)
		add_piece(writer, ",\"okta.com/email\":", PIECE_EMAIL, "");
	if (user->above != NOBODY) {
		add(writer, ",\"okta.com/manager\":");
		add_ref(shared, &writer->lines, &d->users, user->above);
	}
	add_slice(writer, writer->pieces.found[PIECE_ANNOTATIONS]);
	add(writer, "}},\"spec\":{");
	add_profile(writer, !user->withholds_email);
	add(writer, "\"memberOf\":[");
	if (shared->settings->membership != MEMBERSHIP_MEMBERS)
		for (uint32_t i = groups->start[number]; i < groups->start[number + 1]; i++) {
			struct ref ref = shared->ref[groups->to[i]];

			if (i > groups->start[number] && groups->to[i] == groups->to[i - 1])
				continue;
			add_bytes(writer, shared->refs.data + ref.start, ref.length);
			add(writer, ",");
		}
	if (writer->lines.data[writer->lines.length - 1] == ',')
		writer->lines.length--;
	add(writer, "]");
	return end_line(writer, number);
}

static bool write_group(struct writer *writer, uint32_t number)
{
	const struct writing *shared = writer->shared;
	const struct directory *d = shared->directory;
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
		add_ref(shared, &writer->lines, &d->groups, parent);
		add(writer, ",");
	}
	add(writer, "\"children\":[]");
	if (shared->settings->membership != MEMBERSHIP_MEMBER_OF) {
		add(writer, ",\"members\":[");
		for (uint32_t i = members->start[number]; i < members->start[number + 1]; i++) {
			if (i > members->start[number] && members->to[i] == members->to[i - 1])
				continue;
			if (i > members->start[number])
				add(writer, ",");
			add_ref(shared, &writer->lines, &d->users, members->to[i]);
		}
		add(writer, "]");
	}
	return end_line(writer, number);
}

/* Has the memory fetched that the users to come need, in the order in which one thing leads to the next. */
static void expect_user(const struct writing *writing, uint32_t i)
{
	const struct directory *d = writing->directory;
	const uint32_t *order = writing->order;
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
		early(&writing->ref[groups->to[k]]);
}

static void make_refs(struct writing *writing, const uint32_t *order)
{
	const struct parties *groups = &writing->directory->groups;

	writing->ref = memory_resize(NULL, groups->ids.count, sizeof *writing->ref);
	for (uint32_t i = 0; i < groups->count; i++) {
		struct ref *ref = &writing->ref[order[i]];

		ref->start = (uint32_t)writing->refs.length;
		add_ref(writing, &writing->refs, groups, order[i]);
		ref->length = (uint32_t)writing->refs.length - ref->start;
	}
}

static void make_namespace(const char *name_space, struct buffer *json)
{
	if (strcmp(name_space, "default") != 0)
		buffer_add_format(json, ",\"namespace\":\"%s\"", name_space);
}

/* About how many bytes the line of a party will have. */
static size_t estimate(const struct writing *writing, uint32_t number)
{
	const struct directory *d = writing->directory;
	const struct adjacency *links = writing->users ? &d->memberships.groups : &d->memberships.members;
	const struct party *party = writing->users ? &d->users.at[number] : &d->groups.at[number];

	return 2 * (size_t)party->spooled_length + (links->to ? 64 * (size_t)(links->start[number + 1] - links->start[number]) : 0);
}

/* Some of the next ones: not many, and not many bytes, however long each is. */
static bool claim(void *context, void *batch, size_t *bytes)
{
	struct writing *writing = context;
	struct writer *writer = batch;

	*bytes = 0;
	writer->shared = writing;
	writer->from = writing->next;
	while (writing->next < writing->count && writing->next - writer->from < AT_ONCE && *bytes < BYTES_AT_ONCE)
		*bytes += estimate(writing, writing->order[writing->next++]);
	writer->to = writing->next;
	return writer->from < writer->to;
}

static void work(void *context, void *batch)
{
	const struct writing *writing = context;
	struct writer *writer = batch;
	bool good = true;

	buffer_clear(&writer->lines);
	writer->too_long = NOBODY;
	for (uint32_t i = writer->from; good && i < writer->to; i++) {
		if (writing->users)
			expect_user(writing, i);
		good = writing->users ? write_user(writer, writing->order[i]) : write_group(writer, writing->order[i]);
	}
	writer->failed = !good && writer->too_long == NOBODY;
}

static int tell_too_long(const struct writing *writing, uint32_t number, size_t length)
{
	const struct parties *parties = writing->users ? &writing->directory->users : &writing->directory->groups;
	bool members = !writing->users && writing->settings->membership != MEMBERSHIP_MEMBER_OF;

	return fail(STATUS_DATA, "%s %.*s (%s): its entity has %zu MiB, and a record has at most %d: %s", parties->what,
		SLICE_ARG(parties_id(parties, number)), parties->at[number].name, (length >> 20) + 1, RECORD_LINE_LIMIT >> 20,
		members ? "have the memberships written to the users (--membership memberOf)"
			: "shorten what is so long in Okta, or leave it out with jq before okta-map");
}

static bool take(void *context, void *batch)
{
	struct writing *writing = context;
	struct writer *writer = batch;
	bool good = writer->too_long == NOBODY && !writer->failed;

	if (writer->too_long != NOBODY)
		writing->status = tell_too_long(writing, writer->too_long, writer->lines.length - writer->start);
	good = good && output_write(writing->output, writer->lines.data, writer->lines.length);
	buffer_forget(&writer->lines, 8 * BYTES_AT_ONCE);
	return good;
}

/* Writes all entities of one kind. */
static bool write_kind(struct writing *writing, struct writer *writers, bool users, const uint32_t *order, uint32_t count)
{
	const struct crew_job job = {writing, claim, work, take, NULL};

	writing->users = users;
	writing->order = order;
	writing->next = 0;
	writing->count = count;
	return crew_run(&job, writers, count > AT_ONCE ? crew_batches() : 1, sizeof *writers);
}

static bool write_all(struct writing *writing, const uint32_t *groups, const uint32_t *users)
{
	const struct directory *d = writing->directory;
	size_t count = crew_batches();
	struct writer *writers = memory_alloc(count * sizeof *writers);
	bool good = write_kind(writing, writers, false, groups, d->groups.count) && write_kind(writing, writers, true, users, d->users.count);

	for (size_t i = 0; i < count; i++) {
		buffer_free(&writers[i].lines);
		pieces_free(&writers[i].pieces);
	}
	free(writers);
	return good;
}

/* Of what is spooled, as much as there is memory for now that names are settled: long names leave less. */
static bool recall(struct directory *d)
{
	size_t rows = (size_t)d->users.ids.count + d->groups.ids.count, may = MEMORY * rows;
	size_t used = rows * (sizeof(struct party) + OWN) + d->names.size + d->spool.kept.length + crew_batches() * BYTES_AT_ONCE;

	return spool_recall(&d->spool, may > used ? may - used : 0) && spool_settle(&d->spool);
}

int entities_write(struct directory *d, const struct settings *settings, struct output *output)
{
	struct buffer space = BUFFER_EMPTY;
	struct writing writing = {.directory = d, .settings = settings, .output = output};
	uint32_t *groups = name_order(&d->groups), *users;
	bool good;

	adjacency_turn(&d->memberships.groups, &d->memberships.members, d->users.ids.count, groups, d->groups.count);
	adjacency_free(&d->memberships.members);
	users = name_order(&d->users);
	if (settings->membership != MEMBERSHIP_MEMBER_OF)
		adjacency_turn(&d->memberships.members, &d->memberships.groups, d->groups.ids.count, users, d->users.count);
	make_namespace(settings->name_space, &space);
	writing.space = buffer_string(&space);
	make_refs(&writing, groups);
	good = recall(d) && write_all(&writing, groups, users);
	free(groups);
	free(users);
	free(writing.ref);
	buffer_free(&writing.refs);
	buffer_free(&space);
	return good ? STATUS_OK : writing.status ? writing.status : spool_status(&d->spool) ? spool_status(&d->spool) : STATUS_IO;
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
	add_member(&line, "orgId", d->okta_org_id);
	add_member(&line, "fetchedAt", d->fetched_at);
	if (d->calls >= 0 && d->waited_seconds >= 0)
		buffer_add_format(&line, ",\"calls\":%lld,\"waitedSeconds\":%lld", d->calls, d->waited_seconds);
	buffer_add_string(&line, "}\n");
	good = output_write(output, line.data, line.length);
	buffer_free(&line);
	return good;
}
