#include "summary.h"

#include "exit_status.h"
#include "json_string.h"
#include "message.h"
#include "publish.h"

enum { NAMED = 3 };

/* ", N removed (a, b, c and M more)" */
static void add_refs(struct buffer *line, const struct difference *d)
{
	for (size_t i = 0; i < d->removed_count && i < NAMED; i++) {
		buffer_add_string(line, i ? ", " : " (");
		buffer_add(line, d->removed[i].data, d->removed[i].length);
	}
	if (d->removed_count > NAMED)
		buffer_add_format(line, " and %zu more", d->removed_count - NAMED);
	if (d->removed_count)
		buffer_add_byte(line, ')');
}

void summary_print(const struct catalog *catalog, const struct published *published, const struct difference *d, bool unchanged)
{
	struct buffer line = BUFFER_EMPTY;

	if (!published->exists || unchanged) {
		buffer_add_format(&line, "%s: %lu groups, %lu users", unchanged ? "unchanged" : "first publication", catalog->groups, catalog->users);
	} else {
		buffer_add_format(&line, "%zu added, %zu renamed, %zu changed, %zu removed", d->added_count, d->renamed_count,
			d->changed_count, d->removed_count);
		add_refs(&line, d);
	}
	if (catalog->invalid)
		buffer_add_format(&line, "; %zu invalid, of which %zu keep their last form", catalog->invalid, catalog->kept);
	if (catalog->dangling)
		buffer_add_format(&line, "; %zu refs lead outside this catalog", catalog->dangling);
	note("%s", buffer_string(&line));
	buffer_free(&line);
}

static void add_list(struct buffer *json, const char *name, const char **refs, size_t count)
{
	buffer_add_format(json, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		buffer_add_string(json, i ? "," : "");
		json_string_encode(json, slice_of_string(refs[i]));
	}
	buffer_add_byte(json, ']');
}

static void add_summary(struct buffer *json, const struct catalog *catalog, const struct published *published,
	const struct difference *d, int status)
{
	buffer_add_format(json, "{\"version\":1,\"exit\":%d,\"first\":%s,\"users\":%lu,\"groups\":%lu,\"invalid\":%zu,\"dangling\":%zu", status,
		published->exists ? "false" : "true", catalog->users, catalog->groups, catalog->invalid, catalog->dangling);
	if (catalog->calls >= 0)
		buffer_add_format(json, ",\"calls\":%lld,\"waitedSeconds\":%lld", catalog->calls, catalog->waited_seconds);
	add_list(json, "added", d->added, d->added_count);
	buffer_add_string(json, ",\"renamed\":[");
	for (size_t i = 0; i < d->renamed_count; i++) {
		buffer_add_string(json, i ? ",{\"from\":" : "{\"from\":");
		json_string_encode(json, d->renamed[i].from);
		buffer_add_string(json, ",\"to\":");
		json_string_encode(json, slice_of_string(d->renamed[i].to));
		buffer_add_byte(json, '}');
	}
	buffer_add_byte(json, ']');
	add_list(json, "changed", d->changed, d->changed_count);
	buffer_add_string(json, ",\"removed\":[");
	for (size_t i = 0; i < d->removed_count; i++) {
		buffer_add_string(json, i ? "," : "");
		json_string_encode(json, d->removed[i]);
	}
	buffer_add_string(json, "]}\n");
}

int summary_write(const struct settings *settings, const struct catalog *catalog, const struct published *published,
	const struct difference *difference, int status)
{
	struct publication publication;
	struct buffer json = BUFFER_EMPTY;
	bool same;
	int result;

	if (!settings->summary_file)
		return STATUS_OK;
	add_summary(&json, catalog, published, difference, status);
	result = publication_begin(&publication, settings->summary_file);
	if (!result) {
		output_write(publication.output, json.data, json.length);
		result = publication_commit(&publication, &same);
	}
	publication_end(&publication);
	buffer_free(&json);
	return result;
}
