#include "published.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit_status.h"
#include "format_provider.h"
#include "json_cursor.h"
#include "json_string.h"
#include "line_window.h"
#include "memory.h"
#include "message.h"
#include "published_head.h"
#include "relation.h"
#include "split.h"

static const char document_start[] = "--- # ";

struct published_reader {
	size_t file;                /* index into the files */
	struct line_window window;
	struct buffer ref, okta_id; /* words with escapes */
	struct entity entity;       /* read last from a JSON form */
};

static bool starts_with(struct slice text, const char *start)
{
	return text.length >= strlen(start) && memcmp(text.data, start, strlen(start)) == 0;
}

/* Opens the next file that is there; false when there is none. Its first line is passed over where it is no document. */
static bool open_file(struct published *published)
{
	struct published_reader *reader = published->reader;
	struct slice head;

	while (reader->file < published->file_count && !published->files[reader->file].exists)
		reader->file++;
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

static void read_index_line(struct published_reader *reader, struct slice line, struct published_document *document)
{
	struct slice words = slice_of(line.data + sizeof document_start - 1, line.length - (sizeof document_start - 1));
	const char *blank = words.length ? memchr(words.data, ' ', words.length) : NULL;
	size_t ref = blank ? (size_t)(blank - words.data) : words.length;

	document->ref = head_word(slice_of(words.data, ref), &reader->ref);
	document->okta_id = blank ? head_word(slice_of(blank + 1, words.length - ref - 1), &reader->okta_id) : slice_of(NULL, 0);
}

/* A document that is a line of JSON. */
static void read_flow(struct published_reader *reader, struct slice json, struct published_document *document)
{
	struct json_cursor cursor = json_cursor(json.data, json.length);

	document->format = FORMAT_YAML_FLOW;
	entity_read(&reader->entity, &cursor);
	/* A long key (format_yaml.c) is beyond JSON. */
	document->json = json_end(&cursor) ? json : slice_of(NULL, 0);
	document->relations = reader->entity.relations.count;
}

static bool read_yaml(struct published *published, struct published_document *document)
{
	struct published_reader *reader = published->reader;
	struct slice bytes;
	const char *feed;
	size_t body;

	do
		if (!line_window_take(&reader->window, document_start, &bytes))
			return false;
	while (!starts_with(bytes, document_start));
	document->bytes = bytes;
	read_index_line(reader, line_at(bytes, 0), document);
	feed = memchr(bytes.data, '\n', bytes.length);
	body = feed ? (size_t)(feed - bytes.data) + 1 : bytes.length;
	if (body < bytes.length && bytes.data[body] == '{') {
		read_flow(reader, line_at(bytes, body), document);
		return true;
	}
	document->format = FORMAT_YAML;
	document->json = slice_of(NULL, 0);
	document->relations = relations_in_yaml(bytes, document->ref, NULL, NULL);
	return true;
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

static bool read_json(struct published *published, struct published_document *document)
{
	struct published_reader *reader = published->reader;
	struct slice line;

	for (;;) {
		if (!line_window_take(&reader->window, "", &line))
			return false;
		/* A line of ndjson is a document with its line feed; one of the others ends before the comma. */
		document->bytes = line;
		if (line.length && line.data[line.length - 1] == '\n')
			line.length--;
		if (line.length && line.data[line.length - 1] == ',')
			line.length--;
		if (published->format != FORMAT_NDJSON)
			document->bytes = line;
		if (json_entity(published->format, line, &document->json))
			break;
	}
	entity_read_text(&reader->entity, document->json);
	document->ref = slice_of(reader->entity.ref.data, reader->entity.ref.length);
	document->okta_id = slice_of(reader->entity.okta_id.data, reader->entity.okta_id.length);
	document->format = published->format;
	document->relations = reader->entity.relations.count;
	return true;
}

static bool is_yaml(enum format format)
{
	return format == FORMAT_YAML || format == FORMAT_YAML_FLOW;
}

bool published_next(struct published *published, struct published_document *document)
{
	struct published_reader *reader = published->reader;

	while (reader && !reader->window.status) {
		if (reader->window.fd < 0 && !open_file(published))
			return false;
		document->file = reader->file;
		while (is_yaml(published->format) ? read_yaml(published, document) : read_json(published, document))
			if (document->ref.length) /* else it was damaged */
				return true;
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

static int failed(const char *path)
{
	return fail(STATUS_DATA, "%s: what was published before cannot be read: %s", path, strerror(errno));
}

/* The first line of a file with its line feed, NULL when it is not there or empty. free() it. */
static int read_head(struct published_file *file)
{
	struct buffer head = BUFFER_EMPTY;
	int fd = open(file->path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	char block[4096];
	ssize_t n = 0;

	if (fd < 0 && errno == ENOENT)
		return STATUS_OK;
	if (fd < 0 || fstat(fd, &about) < 0 || S_ISDIR(about.st_mode)) {
		if (fd >= 0) {
			errno = EISDIR;
			close(fd);
		}
		return failed(file->path);
	}
	while ((n = read(fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)) {
		const char *feed = n > 0 ? memchr(block, '\n', (size_t)n) : NULL;

		if (n > 0)
			buffer_add(&head, block, feed ? (size_t)(feed - block) + 1 : (size_t)n);
		if (feed)
			break;
	}
	close(fd);
	file->exists = head.length > 0;
	file->size = (uint64_t)about.st_size;
	file->head = memory_copy_bytes(head.data, head.length);
	buffer_free(&head);
	return n < 0 ? failed(file->path) : STATUS_OK;
}

static struct published_file *add_file(struct published *published, char *path)
{
	published->files = memory_resize(published->files, published->file_count + 1, sizeof *published->files);
	published->files[published->file_count] = (struct published_file){.path = path};
	return &published->files[published->file_count++];
}

/* The parts beside an index, those that are there and those that should be. */
static int open_parts(struct published *published, const char *path, unsigned asked)
{
	unsigned most = published->parts > asked ? published->parts : asked;
	int status = STATUS_OK;

	published->file_count = 0;
	for (unsigned i = 0; !status && i < most; i++) {
		struct published_file *file = add_file(published, split_part_path(path, i));
		unsigned split;

		status = read_head(file);
		if (status || !file->exists) {
			if (!status && i < published->parts)
				warn("%s: is missing, so it is written anew", file->path);
			continue;
		}
		split = head_is_ours(file->head) ? head_parts(file->head, "part") : 0;
		published->foreign = published->foreign || (!split && i < published->parts);
		published->moving = published->moving || (split && split == asked && asked != published->parts);
	}
	return status;
}

/* Did a forced change from one file to parts stop before the index was in place? */
static int look_for_parts(struct published *published, const char *path, unsigned asked)
{
	struct published_file first = {.path = split_part_path(path, 0)};
	int status = read_head(&first);

	published->moving = !status && first.exists && head_is_ours(first.head) && head_parts(first.head, "part") == asked;
	free(first.head);
	free(first.path);
	return status;
}

bool published_is_part(const char *path)
{
	struct published_file file = {.path = NULL};
	bool part;

	file.path = memory_copy_string(path);
	part = !access(path, R_OK) && !read_head(&file) && file.exists && head_is_ours(file.head) && head_parts(file.head, "part");
	free(file.path);
	free(file.head);
	return part;
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

int published_open(struct published *published, const char *path, unsigned parts)
{
	struct published_file *file;
	int status;

	memset(published, 0, sizeof *published);
	if (!path)
		return STATUS_OK;
	file = add_file(published, memory_copy_string(path));
	status = read_head(file);
	if (status || !file->exists)
		return status;
	published->exists = true;
	published->foreign = !head_format(file->head, &published->format);
	if (published->foreign)
		return STATUS_OK;
	published->id = head_value(file->head, "id");
	published->org = head_value(file->head, "org");
	published->parts = is_yaml(published->format) ? head_parts(file->head, "split") : 0;
	if (published->parts) {
		free(file->head);
		free(file->path);
		status = open_parts(published, path, parts);
	} else if (parts && is_yaml(published->format)) {
		status = look_for_parts(published, path, parts);
	}
	published->reader = memory_alloc(sizeof *published->reader);
	published->reader->window = (struct line_window)LINE_WINDOW_CLOSED;
	if (published->format == FORMAT_MUTATION)
		read_provider(published);
	return status;
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
	if (!reader)
		return;
	line_window_free(&reader->window);
	buffer_free(&reader->ref);
	buffer_free(&reader->okta_id);
	entity_free(&reader->entity);
	free(reader);
}
