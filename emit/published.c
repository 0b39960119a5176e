#include "published.h"

#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "format_provider.h"
#include "json_cursor.h"
#include "json_string.h"
#include "line_window.h"
#include "memory.h"
#include "message.h"
#include "published_files.h"
#include "published_head.h"
#include "relation.h"

static const char document_start[] = "--- # ", any_start[] = "---";

struct published_reader {
	size_t file;                /* index into the files */
	struct line_window window;
	struct buffer ref, okta_id; /* words with escapes */
	struct entity entity;       /* read last from a JSON form */
	bool more, closed;          /* of a JSON form: a comma says that an entity follows; the last line was there */
};

/* Opens the next file that is there; false when there is none. Its first line is passed over where it is no document. */
static bool open_file(struct published *published)
{
	struct published_reader *reader = published->reader;
	struct slice head;

	while (reader->file < published->file_count && !published->files[reader->file].exists)
		reader->file++;
	reader->more = reader->closed = false;
	return reader->file < published->file_count && line_window_open(&reader->window, published->files[reader->file].path)
		&& (published->format == FORMAT_NDJSON || line_window_take(&reader->window, "", &head));
}

/* The line at start without its end; git may have turned that around. */
static struct slice line_at(struct slice bytes, size_t start)
{
	const char *from = bytes.data + start, *feed = memchr(from, '\n', bytes.length - start);
	size_t length = feed ? (size_t)(feed - from) : bytes.length - start;

	return slice_of(from, length && from[length - 1] == '\r' ? length - 1 : length);
}

/* How many lines begin so. */
static unsigned count_lines(struct slice lines, const char *start)
{
	const char *p = lines.data, *end = lines.data + lines.length;
	unsigned count = 0;

	while (p && p < end) {
		count += slice_starts_with(slice_of(p, (size_t)(end - p)), start);
		p = memchr(p, '\n', (size_t)(end - p));
		p += p != NULL;
	}
	return count;
}

static void read_index_line(struct published_reader *reader, struct slice line, struct published_document *document)
{
	struct slice words = slice_of(line.data + sizeof document_start - 1, line.length - (sizeof document_start - 1));
	const char *blank = words.length ? memchr(words.data, ' ', words.length) : NULL;
	size_t ref = blank ? (size_t)(blank - words.data) : words.length;

	document->ref = head_word(slice_of(words.data, ref), &reader->ref);
	document->okta_id = blank ? head_word(slice_of(blank + 1, words.length - ref - 1), &reader->okta_id) : slice_of(NULL, 0);
}

/* A document that is a line of JSON. False: it is none. */
static bool read_flow(struct published_reader *reader, struct slice body, struct published_document *document)
{
	struct slice json = line_at(body, 0);
	struct json_cursor cursor = json_cursor(json.data, json.length);

	document->format = FORMAT_YAML_FLOW;
	entity_read(&reader->entity, &cursor);
	document->json = json_end(&cursor) ? json : slice_of(NULL, 0);
	document->relations = reader->entity.relations.count;
	if (memchr(body.data, '\n', body.length) != body.data + body.length - 1)
		return false;
	/* A long key (format_yaml.c) is beyond JSON. */
	return document->json.data || (json.data[json.length - 1] == '}' && slice_contains(json, "? \""));
}

/* A document in block YAML: exactly one entity, for without its index line a document would be the rest of the one before. */
static bool read_block(struct slice body, struct published_document *document)
{
	document->format = FORMAT_YAML;
	document->json = slice_of(NULL, 0);
	document->relations = relations_in_yaml(document->bytes, document->ref, NULL, NULL);
	return count_lines(body, "kind: ") == 1;
}

/* What this program would not have written ends the reading, or is passed over when that was asked for. */
static void damaged(const struct published *published, struct slice bytes)
{
	struct line_window *window = &published->reader->window;
	struct slice line = bytes.length ? line_at(bytes, 0) : slice_of("", 0);

	if (!published->force && !window->status)
		window->status = fail(STATUS_DATA, "%s: not written by catalog-emit, or altered since (\"%.*s%s\"): what would vanish cannot be told: "
			"bring back what was published, or replace it with --force", published->files[published->reader->file].path,
			line.length > 60 ? 60 : (int)line.length, line.length ? line.data : "", line.length > 60 ? "..." : line.length ? "" : "its end is missing");
}

/* The bytes from one index line to the next as a document. False: this program would not have written them. */
static bool read_document(struct published_reader *reader, struct slice bytes, struct published_document *document)
{
	const char *feed = memchr(bytes.data, '\n', bytes.length);
	struct slice body;

	if (bytes.data[bytes.length - 1] != '\n' || !slice_starts_with(bytes, document_start))
		return false;
	document->bytes = bytes;
	read_index_line(reader, line_at(bytes, 0), document);
	body = slice_of(feed + 1, bytes.length - (size_t)(feed + 1 - bytes.data));
	return body.length && body.data[0] == '{' ? read_flow(reader, body, document) : read_block(body, document);
}

static bool read_yaml(struct published *published, struct published_document *document)
{
	struct published_reader *reader = published->reader;
	struct slice bytes;

	while (line_window_take(&reader->window, any_start, &bytes)) {
		if (read_document(reader, bytes, document))
			return true;
		damaged(published, bytes.data[bytes.length - 1] == '\n' ? bytes : slice_of(NULL, 0));
		if (reader->window.status)
			break;
	}
	return false;
}

/* One line of the JSON forms: an entity, or a provider's item around one. */
static bool json_entity(enum format format, struct slice line, struct slice *entity)
{
	struct json_cursor cursor = json_cursor(line.data, line.length);
	struct slice key;

	if (format == FORMAT_MUTATION)
		return format_deferred_read(line, entity, &key);
	*entity = line;
	return json_peek(&cursor) == JSON_OBJECT && json_skip(&cursor, NULL) && json_end(&cursor);
}

static bool is_last_line(enum format format, struct slice line)
{
	return format == FORMAT_JSON ? slice_equals(line, "]") : format == FORMAT_MUTATION && slice_equals(line, "]}");
}

/* Takes the line of an entity: what is published of it, and the line without line feed and comma. False at the end or after an error. */
static bool take_json_line(struct published *published, struct published_document *document, struct slice *line)
{
	struct published_reader *reader = published->reader;
	bool framed = published->format != FORMAT_NDJSON, comma;
	struct slice bytes;

	for (;;) {
		if (!line_window_take(&reader->window, "", &bytes)) {
			if (framed && !reader->closed)
				damaged(published, slice_of(NULL, 0));
			return false;
		}
		*line = line_at(bytes, 0);
		if (bytes.data[bytes.length - 1] != '\n')
			damaged(published, slice_of(NULL, 0));
		comma = framed && line->length && line->data[line->length - 1] == ',';
		line->length -= comma;
		/* A line of ndjson is a document with its line feed; one of the others ends before the comma. */
		document->bytes = framed ? *line : bytes;
		if (!reader->closed && json_entity(published->format, *line, &document->json)) {
			reader->more = comma;
			return !reader->window.status;
		}
		if (!reader->closed && is_last_line(published->format, *line) && !comma && !reader->more)
			reader->closed = true;
		else
			damaged(published, bytes);
		if (reader->window.status)
			return false;
	}
}

static bool read_json(struct published *published, struct published_document *document)
{
	struct published_reader *reader = published->reader;
	struct slice line;

	if (!take_json_line(published, document, &line))
		return false;
	entity_read_text(&reader->entity, document->json);
	document->ref = slice_of(reader->entity.ref.data, reader->entity.ref.length);
	document->okta_id = slice_of(reader->entity.okta_id.data, reader->entity.okta_id.length);
	document->format = published->format;
	document->relations = reader->entity.relations.count;
	return true;
}

bool published_next(struct published *published, struct published_document *document)
{
	struct published_reader *reader = published->reader;

	while (reader && !reader->window.status) {
		if (reader->window.fd < 0 && !open_file(published))
			return false;
		document->file = reader->file;
		while (format_is_yaml(published->format) ? read_yaml(published, document) : read_json(published, document)) {
			if (document->ref.length)
				return true;
			damaged(published, document->bytes);
			if (reader->window.status)
				break;
		}
		line_window_close(&reader->window);
		reader->file++;
	}
	return false;
}

int published_rewind(struct published *published)
{
	if (!published->reader)
		return STATUS_OK;
	line_window_close(&published->reader->window);
	published->reader->file = 0;
	return published->reader->window.status;
}

void published_relations(struct published *published, const struct published_document *document,
	void (*found)(void *owner, uint64_t relation), void *owner)
{
	const struct hash_list *relations = &published->reader->entity.relations;

	if (document->format == FORMAT_YAML)
		relations_in_yaml(document->bytes, document->ref, found, owner);
	else
		for (size_t i = 0; i < relations->count; i++)
			found(owner, relations->values[i]);
}

/* What the first item of a mutation says of the org. */
static void read_provider(struct published *published)
{
	struct published_document document;
	struct slice line, entity, key;
	struct buffer text = BUFFER_EMPTY;

	if (published_next(published, &document)) {
		line = document.bytes;
		format_deferred_read(line, &entity, &key);
		json_string_decode(key, &text);
		published->location_key = memory_copy_bytes(text.data, text.length);
	}
	buffer_free(&text);
	published_rewind(published);
}

static int open_reader(struct published *published)
{
	published->reader = memory_alloc(sizeof *published->reader);
	published->reader->window = (struct line_window)LINE_WINDOW_CLOSED;
	if (published->format == FORMAT_MUTATION)
		read_provider(published);
	return published->reader->window.status;
}

int published_open(struct published *published, const char *path, unsigned parts, bool force)
{
	int status;

	memset(published, 0, sizeof *published);
	published->force = force;
	status = path ? published_find(published, path, parts) : STATUS_OK;
	if (!status && published->exists && !(published->foreign && !published->parts))
		status = open_reader(published);
	return status;
}

int published_check_output(const char *path, enum format format, unsigned parts)
{
	struct published there;
	struct published_document document;
	int status = published_open(&there, path, parts, false);

	if (!status && there.foreign && !(format == FORMAT_DELTA && there.file_count == 1 && head_is_delta(there.files[0].head)))
		status = published_foreign(&there);
	while (!status && !there.foreign && published_next(&there, &document))
		continue;
	if (!status)
		status = published_rewind(&there);
	published_free(&there);
	return status;
}

int published_foreign(const struct published *published)
{
	return fail(STATUS_DATA, "%s: not written by catalog-emit%s: move it away, or replace it with --force", published->foreign,
		published->parts ? " for this catalog" : "");
}

void published_free(struct published *published)
{
	struct published_reader *reader = published->reader;

	for (size_t i = 0; i < published->file_count; i++) {
		free(published->files[i].path);
		free(published->files[i].head);
	}
	free(published->files);
	free(published->id);
	free(published->org);
	free(published->location_key);
	free(published->foreign);
	if (!reader)
		return;
	line_window_free(&reader->window);
	buffer_free(&reader->ref);
	buffer_free(&reader->okta_id);
	entity_free(&reader->entity);
	free(reader);
}
