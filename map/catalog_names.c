#include "catalog_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "buffer.h"
#include "entity_name.h"
#include "exit_status.h"
#include "json_cursor.h"
#include "json_string.h"
#include "line_window.h"
#include "message.h"
#include "published_head.h"
#include "split.h"

static const char remedy[] =
	"restore the published catalog, so that names stay with their Okta "
	"ids, or move the whole catalog away: names are then assigned anew by "
	"rule, and okta-catalog publishes them only with --force";

/* One entity, as far as it was read. */
struct named {
	struct buffer kind, name_space, name, id;
};

struct reader {
	const char *name_space;
	bool (*take)(
		void *owner, bool is_user, struct slice name, struct slice id);
	void *owner;

	struct line_window window;
	const char *path; /* of the file that is being read */
	size_t line;
	int status;

	struct named entity;
	bool in_document, in_metadata; /* of YAML */
	unsigned kinds; /* "kind: " lines of the document */
	struct buffer word, head;
};

static bool damaged(struct reader *reader, const char *what)
{
	if (!reader->status)
		reader->status = fail(STATUS_DATA,
			"%s: line %zu: %s: %s", reader->path, reader->line,
			what, remedy);
	return false;
}

/* The next line without its end, which git may have changed. */
static bool next_line(struct reader *reader, struct slice *line)
{
	if (reader->status || !line_window_take(&reader->window, "", line)) {
		if (!reader->status)
			reader->status = reader->window.status;
		return false;
	}
	reader->line++;
	if (line->data[--line->length] != '\n')
		return damaged(reader, "the file is cut off");
	if (line->length && line->data[line->length - 1] == '\r')
		line->length--;
	return true;
}

static void clear(struct named *entity)
{
	buffer_clear(&entity->kind);
	buffer_clear(&entity->name_space);
	buffer_clear(&entity->name);
	buffer_clear(&entity->id);
}

static bool same(const struct buffer *text, const char *word)
{
	return text->length == strlen(word)
		&& strncasecmp(text->data, word, text->length) == 0;
}

/* The entity was read: hands on what this run needs of it. */
static bool finish(struct reader *reader)
{
	const struct named *entity = &reader->entity;
	bool is_user = same(&entity->kind, "user");

	if (!is_user && !same(&entity->kind, "group"))
		return true;
	if (!entity->id.length
		|| !same(&entity->name_space, reader->name_space))
		return true;
	if (!entity_name_valid(buffer_slice(&entity->name)))
		return damaged(reader, "an entity without a valid name");
	return reader->take(reader->owner, is_user, buffer_slice(&entity->name),
		       buffer_slice(&entity->id))
		|| damaged(reader,
			"the entity that ends here has the name of an earlier "
			"one");
}

/* Takes a string's text into the buffer; skips what is no string. */
static void take_string(struct json_cursor *cursor, struct buffer *text)
{
	struct slice raw;

	if (json_peek(cursor) != JSON_STRING) {
		json_skip(cursor, NULL);
	} else if (json_string_raw(cursor, &raw)) {
		buffer_clear(text);
		json_string_decode(raw, text);
	}
}

static void read_metadata(struct json_cursor *cursor, struct named *entity)
{
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		if (json_key_equals(key, "name")) {
			take_string(cursor, &entity->name);
		} else if (json_key_equals(key, "namespace")) {
			take_string(cursor, &entity->name_space);
		} else if (json_key_equals(key, "annotations")
			&& json_peek(cursor) == JSON_OBJECT) {
			json_enter_object(cursor);
			while (json_next_member(cursor, &key))
				if (json_key_equals(key, "okta.com/user-id")
					|| json_key_equals(
						key, "okta.com/group-id"))
					take_string(cursor, &entity->id);
				else
					json_skip(cursor, NULL);
		} else {
			json_skip(cursor, NULL);
		}
	}
}

/* An entity's object. */
static void read_entity(struct json_cursor *cursor, struct named *entity)
{
	struct slice key;

	json_enter_object(cursor);
	while (json_next_member(cursor, &key)) {
		if (json_key_equals(key, "kind"))
			take_string(cursor, &entity->kind);
		else if (json_key_equals(key, "metadata")
			&& json_peek(cursor) == JSON_OBJECT)
			read_metadata(cursor, entity);
		else
			json_skip(cursor, NULL);
	}
}

/* A line that holds an entity, or a mutation's item around one. */
static bool read_json(
	struct reader *reader, enum format format, struct slice line)
{
	struct json_cursor cursor = json_cursor(line.data, line.length);
	struct slice key;

	clear(&reader->entity);
	buffer_add_string(&reader->entity.name_space, "default");
	if (json_peek(&cursor) != JSON_OBJECT)
		return damaged(reader, "expected an entity");
	if (format != FORMAT_MUTATION) {
		read_entity(&cursor, &reader->entity);
	} else {
		json_enter_object(&cursor);
		while (json_next_member(&cursor, &key))
			if (json_key_equals(key, "entity")
				&& json_peek(&cursor) == JSON_OBJECT)
				read_entity(&cursor, &reader->entity);
			else
				json_skip(&cursor, NULL);
	}
	if (!json_end(&cursor))
		return damaged(reader, cursor.error);
	if (!reader->entity.kind.length)
		return damaged(reader, "expected an entity with a \"kind\"");
	return finish(reader);
}

/* An array of entities, one a line, or entities alone. */
static void read_json_lines(struct reader *reader, enum format format)
{
	const char *last = format == FORMAT_JSON ? "]" : "]}";
	bool framed = format != FORMAT_NDJSON, closed = !framed, more = false;
	struct slice line;

	while (next_line(reader, &line)) {
		bool comma = framed && line.length
			&& line.data[line.length - 1] == ',';

		line.length -= comma;
		if (framed && closed)
			damaged(reader, "text after the end of the catalog");
		else if (framed && !comma && !more && slice_equals(line, last))
			closed = true;
		else if (read_json(reader, format, line))
			more = comma;
	}
	if (!closed)
		damaged(reader, "the file is cut off");
}

/* "user:default/ana.ruiz 00u7k2m9..." */
static bool read_index_line(struct reader *reader, struct slice words)
{
	const char *end = words.data + words.length;
	const char *blank =
		words.length ? memchr(words.data, ' ', words.length) : NULL;
	struct slice ref =
		head_word(slice_of(words.data,
				  (size_t)((blank ? blank : end) - words.data)),
			&reader->word);
	const char *colon, *slash;
	struct named *entity = &reader->entity;

	/* An index of parts has one document, which is of no name. */
	if (slice_equals(ref, "index"))
		ref = slice_of_string("location:default/index");
	colon = ref.length ? memchr(ref.data, ':', ref.length) : NULL;
	slash = ref.length ? memchr(ref.data, '/', ref.length) : NULL;
	if (!colon || !slash || slash < colon)
		return damaged(reader,
			"expected an index line, \"--- # kind:namespace/name "
			"ID\"");
	clear(entity);
	buffer_add(&entity->kind, ref.data, (size_t)(colon - ref.data));
	buffer_add(&entity->name_space, colon + 1, (size_t)(slash - colon - 1));
	buffer_add(&entity->name, slash + 1,
		ref.length - (size_t)(slash + 1 - ref.data));
	if (blank) {
		struct slice id = head_word(
			slice_of(blank + 1, (size_t)(end - blank - 1)),
			&reader->word);

		buffer_add(&entity->id, id.data, id.length);
	}
	reader->in_document = true;
	reader->in_metadata = false;
	reader->kinds = 0;
	return true;
}

/* The name as its entity spells it: refs are in lower case. */
static void take_spelling(struct reader *reader, struct slice name)
{
	struct buffer *known = &reader->entity.name;

	if (name.length > 1 && name.data[0] == '"')
		name = slice_of(name.data + 1, name.length - 2);
	if (name.length == known->length
		&& strncasecmp(name.data, known->data, name.length) == 0)
		memcpy(known->data, name.data, name.length);
}

/* A document as one line of JSON: its index line says all but the spelling. */
static bool read_flow(struct reader *reader, struct slice line)
{
	struct json_cursor cursor = json_cursor(line.data, line.length);
	struct named written = {.kind = BUFFER_EMPTY};

	read_entity(&cursor, &written);
	take_spelling(reader, buffer_slice(&written.name));
	buffer_free(&written.kind);
	buffer_free(&written.name_space);
	buffer_free(&written.name);
	buffer_free(&written.id);
	reader->kinds++;
	/* A long key (format_yaml.c) is beyond JSON. */
	return json_end(&cursor) || slice_contains(line, "? \"")
		|| damaged(reader, "the document is cut off");
}

static bool read_body_line(struct reader *reader, struct slice line)
{
	static const char name[] = "  name: ";

	if (!reader->in_document)
		return damaged(reader, "text before the first index line");
	if (line.length && line.data[0] == '{')
		return read_flow(reader, line);
	reader->kinds += slice_starts_with(line, "kind: ");
	if (line.length && line.data[0] != ' ')
		reader->in_metadata = slice_equals(line, "metadata:");
	else if (reader->in_metadata && slice_starts_with(line, name))
		take_spelling(reader,
			slice_of(line.data + sizeof name - 1,
				line.length - (sizeof name - 1)));
	return true;
}

/* Without its index line a document would be a part of the one before. */
static bool end_document(struct reader *reader)
{
	if (!reader->in_document)
		return true;
	reader->in_document = false;
	if (reader->kinds != 1)
		return damaged(reader,
			"the document that ends here is not one entity as "
			"catalog-emit writes it");
	return finish(reader);
}

static void read_yaml(struct reader *reader)
{
	static const char start[] = "--- # ";
	struct slice line;

	while (next_line(reader, &line)) {
		if (!slice_starts_with(line, "---"))
			read_body_line(reader, line);
		else if (!slice_starts_with(line, start))
			damaged(reader, "a document without an index line");
		else if (end_document(reader))
			read_index_line(reader,
				slice_of(line.data + sizeof start - 1,
					line.length - (sizeof start - 1)));
	}
	if (!reader->status)
		end_document(reader);
}

/*
 * Opens a file and takes its first line into head. False: it does not exist, or
 * is empty, or after a message.
 */
static bool open_file(struct reader *reader, const char *path)
{
	struct stat about;
	struct slice line;

	reader->path = path;
	reader->line = 0;
	reader->in_document = false;
	buffer_clear(&reader->head);
	if (stat(path, &about) < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			reader->status =
				fail(STATUS_DATA, "%s: cannot be read: %s",
					path, strerror(errno));
		return false;
	}
	if (!S_ISREG(about.st_mode)) {
		reader->status = fail(STATUS_DATA,
			"%s: is no regular file, so it can be no published "
			"catalog",
			path);
		return false;
	}
	if (!line_window_open(&reader->window, path)) {
		reader->status = reader->window.status;
		return false;
	}
	/* With its line end: that tells the forms apart. */
	if (line_window_take(&reader->window, "", &line))
		buffer_add(&reader->head, line.data, line.length);
	reader->status = reader->window.status;
	reader->line = 1;
	return reader->head.length > 0;
}

/* Reads the parts of the catalog whose index is at path. */
static void read_parts(struct reader *reader, const char *path, unsigned parts)
{
	for (unsigned i = 0; !reader->status && i < parts; i++) {
		char *part = split_part_path(path, i);

		if (open_file(reader, part)) {
			const char *head = buffer_string(&reader->head);

			if (!head_is_ours(head)
				|| head_parts(head, "part") != parts)
				damaged(reader,
					"expected a part that catalog-emit "
					"wrote for this catalog");
			else
				read_yaml(reader);
		} else if (!reader->status) {
			reader->status = fail(STATUS_DATA,
				"%s: is missing, a part of the catalog %s: %s",
				part, path, remedy);
		}
		free(part);
	}
}

/* How many parts lie where those of the path would, whose index is lost. */
static unsigned lost_parts(struct reader *reader, const char *path)
{
	unsigned parts = 0;

	for (unsigned i = 0; !reader->status && !parts && i < SPLIT_MOST
		&& !split_path_problem(path);
		i++) {
		char *part = split_part_path(path, i);
		const char *head;

		if (open_file(reader, part)) {
			head = buffer_string(&reader->head);
			if (head_is_ours(head))
				parts = head_parts(head, "part");
		}
		free(part);
	}
	return parts;
}

static void read_whole(struct reader *reader, const char *path, bool *exists)
{
	const char *head;
	enum format format;
	unsigned parts;

	*exists = open_file(reader, path);
	if (reader->status)
		return;
	if (!*exists) {
		parts = lost_parts(reader, path);
		*exists = parts > 0;
		read_parts(reader, path, parts);
		return;
	}
	head = buffer_string(&reader->head);
	if (!head_format(head, &format)) {
		damaged(reader, "not a catalog that catalog-emit published");
	} else if (format == FORMAT_YAML && head_parts(head, "part")) {
		damaged(reader, "one part of a split catalog, not its index");
	} else if (format == FORMAT_YAML) {
		parts = head_parts(head, "split");
		read_yaml(reader);
		read_parts(reader, path, parts);
	} else if (format == FORMAT_NDJSON) {
		/* Its first line is an entity. */
		reader->line = 0;
		if (line_window_open(&reader->window, path))
			read_json_lines(reader, format);
	} else {
		read_json_lines(reader, format);
	}
}

int catalog_names_read(const char *path, const char *name_space,
	bool (*take)(
		void *owner, bool is_user, struct slice name, struct slice id),
	void *owner, bool *exists)
{
	struct reader reader = {.name_space = name_space,
		.take = take,
		.owner = owner,
		.window = LINE_WINDOW_CLOSED};
	struct buffer *buffers[] = {&reader.entity.kind,
		&reader.entity.name_space, &reader.entity.name,
		&reader.entity.id, &reader.word, &reader.head};

	read_whole(&reader, path, exists);
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
		buffer_free(buffers[i]);
	line_window_free(&reader.window);
	return reader.status ? reader.status : reader.window.status;
}
