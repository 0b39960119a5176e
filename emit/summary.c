#include "summary.h"

#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "json_string.h"
#include "message.h"
#include "publish.h"

enum { NAMED = 3 };

static const char *plural(unsigned long number)
{
	return number == 1 ? "" : "s";
}

/* " (a, b, c and M more)" */
static void add_refs(struct buffer *line, const struct difference *d)
{
	for (size_t i = 0; i < d->removed_count && i < NAMED; i++)
		buffer_add_format(line, "%s%s", i ? ", " : " (", d->removed[i].ref);
	if (d->removed_count > NAMED)
		buffer_add_format(line, " and %zu more", d->removed_count - NAMED);
	if (d->removed_count)
		buffer_add_byte(line, ')');
}

/* Names that another Okta id has now: they own what others owned. */
static void add_taken_over(struct buffer *line, const struct catalog *catalog,
	const struct difference *d)
{
	size_t count = d->taken_over_count;

	if (!count)
		return;
	buffer_add_format(line, "; %zu taken over", count);
	for (size_t i = 0; i < count && i < NAMED; i++)
		buffer_add_format(line, "%s%s", i ? ", " : " (",
			catalog->rows[d->taken_over[i].row].ref);
	if (count > NAMED)
		buffer_add_format(line, " and %zu more", count - NAMED);
	buffer_add_byte(line, ')');
}

static void add_counts(struct buffer *line, const struct difference *d)
{
	buffer_add_format(line, "%zu added, %zu renamed, %zu changed, %zu removed", d->added, d->renamed_count, d->changed, d->removed_count);
	add_refs(line, d);
}

/* Into how many files a catalog is published: 0 parts are one file. */
static void add_layout(struct buffer *line, unsigned parts)
{
	if (parts)
		buffer_add_format(line, "%u part%s", parts, plural(parts));
	else
		buffer_add_string(line, "one file");
}

/* What --force did to the files, though no entity may be other. */
static void add_move(struct buffer *line, const struct settings *settings, const struct published *published)
{
	unsigned parts = (unsigned)settings->parts;

	if (!published->exists || !settings->output || settings->format == FORMAT_DELTA || published->parts == parts)
		return;
	buffer_add_string(line, "; moved from ");
	add_layout(line, published->parts);
	buffer_add_string(line, " to ");
	add_layout(line, parts);
}

void summary_print(const struct settings *settings, const struct catalog *catalog, const struct published *published,
	const struct difference *d, const struct delivery *delivery)
{
	struct buffer line = BUFFER_EMPTY;
	bool other = d->added || d->renamed_count || d->changed || d->removed_count;

	if (settings->check)
		buffer_add_format(&line, "%zu invalid of %zu%s", catalog->invalid, catalog->count + catalog->invalid - catalog->kept,
			published->exists ? "; to publish: " : "");
	if (published->exists && other)
		add_counts(&line, d);
	else if (!settings->check || published->exists)
		buffer_add_format(&line, "%s: %lu group%s, %lu user%s", published->exists ? "unchanged" : "first publication", catalog->groups,
			plural(catalog->groups), catalog->users, plural(catalog->users));
	add_move(&line, settings, published);
	if (catalog->invalid && !settings->check)
		buffer_add_format(&line, "; %zu invalid, of which %zu keep their last form", catalog->invalid, catalog->kept);
	if (catalog->dropped)
		buffer_add_format(&line, "; %zu ref%s to what is left out dropped", catalog->dropped, plural(catalog->dropped));
	if (catalog->dangling)
		buffer_add_format(&line, "; %zu ref%s lead%s outside this catalog", catalog->dangling, plural(catalog->dangling),
			catalog->dangling == 1 ? "s" : "");
	if (catalog->emails.shared_count)
		buffer_add_format(&line, "; %zu e-mail%s carried by several users", catalog->emails.shared_count,
			catalog->emails.shared_count == 1 ? " is" : "s are");
	if (settings->sign_in != SIGN_IN_NONE)
		buffer_add_format(&line, "; %zu user%s could not sign in (%s)",
			catalog->sign_in.refused,
			plural(catalog->sign_in.refused),
			sign_in_names[settings->sign_in]);
	add_taken_over(&line, catalog, d);
	if (settings->parts && !settings->check && published->exists && other)
		buffer_add_format(&line, "; %zu of %zu files written", delivery->written, delivery->files);
	note("%s", buffer_string(&line));
	buffer_free(&line);
}

/* The JSON, written as it grows: a first publication names a million refs. */
struct list {
	struct output *output;
	struct buffer json;
	bool any;
};

static void flush(struct list *list)
{
	output_write(list->output, list->json.data, list->json.length);
	buffer_clear(&list->json);
}

static void begin(struct list *list, const char *name)
{
	buffer_add_format(&list->json, ",\"%s\":[", name);
	list->any = false;
}

static void end(struct list *list)
{
	buffer_add_byte(&list->json, ']');
	flush(list);
}

static void add_ref(struct list *list, const char *ref)
{
	buffer_add_string(&list->json, list->any ? "," : "");
	list->any = true;
	json_string_encode(&list->json, slice_of_string(ref));
	flush(list);
}

static void add_rows(struct list *list, const char *name, const struct catalog *catalog, enum row_state state)
{
	begin(list, name);
	for (size_t i = 0; i < catalog->count; i++)
		if (catalog->rows[i].state == state)
			add_ref(list, catalog->rows[i].ref);
	end(list);
}

static void add_renamed(struct list *list, const struct catalog *catalog, const struct difference *d)
{
	begin(list, "renamed");
	for (size_t i = 0; i < d->renamed_count; i++) {
		buffer_add_string(&list->json, i ? ",{\"from\":" : "{\"from\":");
		json_string_encode(&list->json, slice_of_string(d->renamed[i].ref));
		buffer_add_string(&list->json, ",\"to\":");
		json_string_encode(&list->json, slice_of_string(catalog->rows[d->renamed[i].to].ref));
		buffer_add_byte(&list->json, '}');
		flush(list);
	}
	end(list);
}

static void add_text(struct list *list, const char *before, const char *text)
{
	buffer_add_string(&list->json, before);
	json_string_encode(&list->json, slice_of_string(text));
}

static void write_taken_over(struct list *list, struct catalog *catalog,
	const struct difference *d)
{
	begin(list, "takenOver");
	for (size_t i = 0; i < d->taken_over_count; i++) {
		const struct taken_over *name = &d->taken_over[i];
		const struct catalog_row *row = &catalog->rows[name->row];

		add_text(list, i ? ",{\"ref\":" : "{\"ref\":", row->ref);
		add_text(list, ",\"from\":", name->from);
		buffer_add_string(&list->json, ",\"to\":");
		json_string_encode(&list->json, catalog_okta_id(catalog, row));
		buffer_add_byte(&list->json, '}');
		flush(list);
	}
	end(list);
}

/* The users of each e-mail that several carry, a list of refs each. */
static void add_shared_emails(struct list *list, const struct emails *emails)
{
	begin(list, "sharedEmails");
	for (size_t i = 0; i < emails->user_count; i++) {
		bool first = emails->users[i].first, last = i + 1 == emails->user_count || emails->users[i + 1].first;

		buffer_add_string(&list->json, !first ? "" : i ? ",[" : "[");
		list->any = !first;
		add_ref(list, emails->users[i].row->ref);
		buffer_add_string(&list->json, last ? "]" : "");
	}
	end(list);
}

/* What --sign-in found. */
static void write_sign_in(struct list *list, const struct settings *settings,
	const struct catalog *catalog)
{
	const struct sign_in *sign_in = &catalog->sign_in;
	struct buffer reason = BUFFER_EMPTY;
	bool any = false;

	if (settings->sign_in == SIGN_IN_NONE)
		return;
	buffer_add_format(&list->json, ",\"signIn\":{\"resolver\":\"%s\","
		"\"users\":%zu,\"refused\":[", sign_in_names[settings->sign_in],
		sign_in->count);
	for (size_t i = 0; i < sign_in->count; i++) {
		const char *ref = sign_in_refused(catalog, i, &reason);

		if (!ref)
			continue;
		add_text(list, any ? ",{\"ref\":" : "{\"ref\":", ref);
		add_text(list, ",\"reason\":", buffer_string(&reason));
		buffer_add_byte(&list->json, '}');
		flush(list);
		any = true;
	}
	buffer_add_string(&list->json, "]}");
	buffer_free(&reason);
}

static void write_lists(struct list *list, struct catalog *catalog,
	const struct difference *d)
{
	add_rows(list, "added", catalog, ROW_ADDED);
	add_renamed(list, catalog, d);
	add_rows(list, "changed", catalog, ROW_CHANGED);
	begin(list, "removed");
	for (size_t i = 0; i < d->removed_count; i++)
		add_ref(list, d->removed[i].ref);
	end(list);
	write_taken_over(list, catalog, d);
	begin(list, "invalidRefs");
	for (size_t i = 0; i < catalog->invalid_ref_count; i++)
		add_ref(list, catalog->invalid_refs[i]);
	end(list);
	add_shared_emails(list, &catalog->emails);
}

static void write_json(struct output *output, const struct settings *settings,
	struct catalog *catalog, const struct published *published,
	const struct difference *d, int status)
{
	struct list list = {.output = output};

	buffer_add_format(&list.json, "{\"version\":1,\"exit\":%d,\"first\":%s,\"users\":%lu,\"groups\":%lu,\"invalid\":%zu,\"kept\":%zu,"
		"\"dropped\":%zu,\"dangling\":%zu,\"membershipsGone\":%zu", status, published->exists ? "false" : "true", catalog->users,
		catalog->groups, catalog->invalid, catalog->kept, catalog->dropped, catalog->dangling, relation_list_count(&d->members_gone));
	if (catalog->calls >= 0)
		buffer_add_format(&list.json, ",\"calls\":%lld,\"waitedSeconds\":%lld", catalog->calls, catalog->waited_seconds);
	if (catalog->org_id)
		add_text(&list, ",\"orgId\":", catalog->org_id);
	if (catalog->fetched_at)
		add_text(&list, ",\"fetchedAt\":", catalog->fetched_at);
	write_lists(&list, catalog, d);
	write_sign_in(&list, settings, catalog);
	buffer_add_string(&list.json, "}\n");
	flush(&list);
	buffer_free(&list.json);
}

static bool is_standard_output(const struct settings *settings)
{
	return strcmp(settings->summary_file, "-") == 0;
}

int summary_begin(const struct settings *settings, struct publication *publication)
{
	return settings->summary_file && !is_standard_output(settings) ? publication_begin(publication, settings->summary_file) : STATUS_OK;
}

int summary_write(const struct settings *settings, struct catalog *catalog, const struct published *published,
	struct difference *difference, int status, struct publication *publication)
{
	struct output *output;
	int result;

	if (!settings->summary_file)
		return STATUS_OK;
	if (!difference_check_members(difference, catalog))
		return spool_status(&catalog->spool);
	if (is_standard_output(settings)) {
		output = output_open(STDOUT_FILENO, "standard output");
		write_json(output, settings, catalog, published, difference,
			status);
		result = output_close(output);
		return result ? result : spool_status(&catalog->spool);
	}
	write_json(publication->output, settings, catalog, published,
		difference, status);
	result = spool_status(&catalog->spool);
	if (!result)
		result = publication_finish(publication);
	return result ? result : publication_place(publication);
}
