#include "published.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entity.h"
#include "exit_status.h"
#include "format_provider.h"
#include "json_cursor.h"
#include "memory.h"
#include "message.h"

static const char first_line[] = "# catalog-emit 1";
static const char document_start[] = "--- # ";

static int read_file(struct published *published, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status = STATUS_OK;
	char block[65536];
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return STATUS_OK;
	if (fd < 0)
		return fail(STATUS_DATA, "%s: what was published before cannot be read: %s", path, strerror(errno));
	published->exists = true;
	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			status = fail(STATUS_DATA, "%s: what was published before cannot be read: %s", path, strerror(errno));
			break;
		}
		buffer_add(&published->bytes, block, (size_t)n);
	}
	close(fd);
	return status;
}

static bool starts_with(struct slice text, const char *start)
{
	return text.length >= strlen(start) && memcmp(text.data, start, strlen(start)) == 0;
}

/* The line from *position on, without its line feed; *position moves behind it. False at the end. */
static bool next_line(const struct buffer *bytes, size_t *position, struct slice *line)
{
	const char *start = bytes->data + *position, *feed;
	size_t left = bytes->length - *position;

	if (!left)
		return false;
	feed = memchr(start, '\n', left);
	*line = slice_of(start, feed ? (size_t)(feed - start) : left);
	*position += line->length + (feed != NULL);
	return true;
}

static char *first_line_value(struct slice line, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i + length < line.length; i++)
		if (memcmp(line.data + i, name, length) == 0) {
			const char *value = line.data + i + length;

			return memory_copy_bytes(value, strcspn(value, " \n"));
		}
	return NULL;
}

static struct published_document *add(struct published *published)
{
	size_t count = published->count;

	if (!(count & (count + 1)) || !count)
		published->documents = memory_resize(published->documents, count ? 2 * count + 2 : 2, sizeof *published->documents);
	published->count++;
	memset(&published->documents[count], 0, sizeof *published->documents);
	return &published->documents[count];
}

/* Our own block YAML: relations are the list items below spec's memberOf or members. */
static void count_relations(struct published_document *document, struct slice line, bool *in_list)
{
	if (starts_with(line, "    - "))
		document->members += *in_list;
	else
		*in_list = slice_equals(line, "  memberOf:") || slice_equals(line, "  members:");
}

static void count_in_json(struct published_document *document, struct slice json)
{
	struct entity entity = {0};

	entity_read(&entity, json);
	document->members = entity.members;
	entity_free(&entity);
}

static void read_yaml(struct published *published, enum format format)
{
	struct published_document *document = NULL;
	size_t position = 0;
	bool in_list = false;
	struct slice line;

	while (next_line(&published->bytes, &position, &line)) {
		if (!starts_with(line, document_start)) {
			if (!document)
				continue;
			document->bytes.length = (size_t)(line.data + line.length + 1 - document->bytes.data);
			if (format == FORMAT_YAML_FLOW)
				count_in_json(document, line);
			else
				count_relations(document, line, &in_list);
			continue;
		}
		const char *ref = line.data + sizeof document_start - 1;
		size_t left = line.length - (sizeof document_start - 1);
		const char *blank = memchr(ref, ' ', left);

		document = add(published);
		document->bytes = slice_of(line.data, line.length + 1);
		document->ref = slice_of(ref, blank ? (size_t)(blank - ref) : left);
		document->okta_id = blank ? slice_of(blank + 1, left - document->ref.length - 1) : slice_of(NULL, 0);
		in_list = false;
	}
}

/* One line of the JSON forms: an entity, or a provider's item around one. */
static bool json_entity(enum format format, struct slice line, struct slice *entity, struct slice *key)
{
	struct json_cursor cursor = json_cursor(line.data, line.length);

	if (format == FORMAT_MUTATION)
		return format_deferred_read(line, entity, key);
	*entity = line;
	return json_peek(&cursor) == JSON_OBJECT && json_skip(&cursor, NULL) && json_end(&cursor);
}

/* The JSON forms have no index lines, but an entity a line, as we write them. */
static void read_json(struct published *published, enum format format)
{
	struct entity entity = {0};
	size_t position = 0;
	struct slice line, json, key;

	while (next_line(&published->bytes, &position, &line)) {
		struct published_document *document;

		if (line.length && line.data[line.length - 1] == ',')
			line.length--;
		if (!json_entity(format, line, &json, &key))
			continue;
		entity_read(&entity, json);
		document = add(published);
		/* A line of ndjson is a document with its line feed; one of the others ends before the comma. */
		document->bytes = slice_of(line.data, line.length + (format == FORMAT_NDJSON));
		document->members = entity.members;
		/* Kept as long as the file: the table of documents is small beside it. */
		document->ref = slice_of(memory_copy_bytes(entity.ref.data, entity.ref.length), entity.ref.length);
		document->okta_id = slice_of(memory_copy_bytes(entity.okta_id.data, entity.okta_id.length), entity.okta_id.length);
	}
	entity_free(&entity);
}

static bool is_yaml(enum format format)
{
	return format == FORMAT_YAML || format == FORMAT_YAML_FLOW;
}

static int by_ref(const void *left, const void *right)
{
	const struct published_document *a = left, *b = right;
	size_t shorter = a->ref.length < b->ref.length ? a->ref.length : b->ref.length;
	int order = memcmp(a->ref.data, b->ref.data, shorter);

	return order ? order : (a->ref.length > b->ref.length) - (a->ref.length < b->ref.length);
}

int published_read(struct published *published, const char *path, enum format format)
{
	struct slice line;
	size_t position = 0;
	int status;

	memset(published, 0, sizeof *published);
	status = path ? read_file(published, path) : STATUS_OK;
	if (status || !published->bytes.length)
		return status;
	if (!is_yaml(format)) {
		read_json(published, format);
	} else {
		next_line(&published->bytes, &position, &line);
		if (!starts_with(line, first_line))
			return STATUS_DATA; /* the caller says so: --force lets it pass */
		published->id = first_line_value(line, " id=");
		published->org = first_line_value(line, " org=");
		read_yaml(published, format);
	}
	if (published->count)
		qsort(published->documents, published->count, sizeof *published->documents, by_ref);
	return STATUS_OK;
}

const struct published_document *published_find(const struct published *published, struct slice ref)
{
	struct published_document key = {.ref = ref};

	return published->count ? bsearch(&key, published->documents, published->count, sizeof key, by_ref) : NULL;
}

void published_free(struct published *published)
{
	const char *start = published->bytes.data, *end = start + published->bytes.length;

	for (size_t i = 0; i < published->count; i++) {
		struct published_document *document = &published->documents[i];

		/* Those of json and ndjson are copies; those of YAML lie in the file's bytes. */
		if (document->ref.data < start || document->ref.data >= end) {
			free((char *)document->ref.data);
			free((char *)document->okta_id.data);
		}
	}
	free(published->documents);
	free(published->id);
	free(published->org);
	buffer_free(&published->bytes);
}
