/*
 * yaml2json [FILE]: one YAML document (1.2 core schema) to one line of JSON. Merge keys are ordinary keys, a key that
 * comes twice is an error, as in Backstage's own reading of its configuration.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "buffer.h"
#include "core_schema.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "yaml_text.h"

/* Aliases may repeat what they name; this bounds what a small file can grow to. */
enum { JSON_LIMIT = 16 * 1024 * 1024, DEPTH_LIMIT = 100 };

struct anchor {
	char *name;
	size_t start, end; /* of its JSON in the output */
};

struct converter {
	yaml_parser_t parser;
	struct buffer text;
	struct yaml_line line; /* of text, looked at last */
	const char *name;      /* of the input, for messages */
	struct buffer json;
	struct anchor *anchors;
	size_t anchor_count;
	unsigned depth;
	int status;
};

static bool reject(struct converter *c, const yaml_mark_t *mark, const char *what)
{
	if (!c->status)
		c->status = fail(STATUS_DATA, "%s: line %zu, column %zu: %s", c->name, mark->line + 1, mark->column + 1, what);
	return false;
}

static bool next_event(struct converter *c, yaml_event_t *event)
{
	char text[300];

	if (c->status)
		return false;
	if (yaml_parser_parse(&c->parser, event))
		return true;
	if (c->parser.error == YAML_MEMORY_ERROR)
		memory_exhausted();
	if (yaml_text_at(&c->text, &c->line, c->parser.problem_mark.line,
		c->parser.problem_mark.column) == '\t')
		return reject(c, &c->parser.problem_mark, "a tab: YAML wants spaces here");
	snprintf(text, sizeof text, "%s%s%s", c->parser.problem ? c->parser.problem : "cannot be read",
		c->parser.context ? " " : "", c->parser.context ? c->parser.context : "");
	return reject(c, &c->parser.problem_mark, text);
}

static bool add(struct converter *c, const yaml_event_t *event, struct slice json)
{
	return buffer_add(&c->json, json.data, json.length) || reject(c, &event->start_mark, "grows beyond 16 MiB: too many aliases?");
}

static bool add_scalar(struct converter *c, const yaml_event_t *event, bool as_key)
{
	struct slice text = slice_of((const char *)event->data.scalar.value, event->data.scalar.length);
	const char *tag = (const char *)event->data.scalar.tag, *wrong = NULL;
	struct buffer json = BUFFER_EMPTY;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE, good;

	if (as_key)
		wrong = core_schema_add_key(&json, text, plain && !tag);
	else if (c->depth == 1 && (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE || event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE))
		wrong = "a text after | or > is the whole document: expected keys"; /* 1.1 and 1.2 differ on where it ends */
	else
		wrong = core_schema_add(&json, text, plain, tag);
	good = wrong ? reject(c, &event->start_mark, wrong) : add(c, event, slice_of(json.data, json.length));
	buffer_free(&json);
	return good;
}

static bool add_alias(struct converter *c, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;

	for (size_t i = c->anchor_count; i > 0; i--)
		if (strcmp(c->anchors[i - 1].name, name) == 0 && c->anchors[i - 1].end) {
			size_t length = c->anchors[i - 1].end - c->anchors[i - 1].start;
			char *copy = memory_copy_bytes(c->json.data + c->anchors[i - 1].start, length);
			bool good = add(c, event, slice_of(copy, length));

			free(copy);
			return good;
		}
	return reject(c, &event->start_mark, "an alias whose anchor does not come before it");
}

static bool add_node(struct converter *c, yaml_event_t *event);

static bool add_sequence(struct converter *c)
{
	yaml_event_t event;
	bool good = true, first = true;

	buffer_add_byte(&c->json, '[');
	while (good && next_event(c, &event)) {
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			return buffer_add_byte(&c->json, ']');
		}
		if (!first)
			buffer_add_byte(&c->json, ',');
		first = false;
		good = add_node(c, &event);
		yaml_event_delete(&event);
	}
	return false;
}

struct key {
	char *text; /* as JSON */
	size_t line;
};

static bool check_key(struct converter *c, const yaml_event_t *event, struct key *keys, size_t count, const char *key)
{
	const yaml_mark_t *mark = &event->start_mark;
	char text[200];

	/* {?a: 1}: to 1.1 the key a, to 1.2 the key ?a. */
	if (mark->column > 0 && yaml_text_at(&c->text, &c->line, mark->line,
		mark->column - 1) == '?')
		return reject(c, mark, "a key with ? in front: put it in quotes, or a space after the ?");
	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].text, key) == 0) {
			snprintf(text, sizeof text, "the key %.80s comes again: it stands in line %zu already", key, keys[i].line);
			return reject(c, &event->start_mark, text);
		}
	return true;
}

static bool add_mapping(struct converter *c)
{
	struct key *keys = NULL;
	size_t count = 0;
	bool good = true, ended = false;
	yaml_event_t event;

	buffer_add_byte(&c->json, '{');
	while (good && !ended && next_event(c, &event)) {
		if (event.type == YAML_MAPPING_END_EVENT) {
			ended = true;
		} else if (event.type != YAML_SCALAR_EVENT) {
			good = reject(c, &event.start_mark, "a key that is no plain text");
		} else {
			size_t start;

			if (count)
				buffer_add_byte(&c->json, ',');
			start = c->json.length;
			good = add_scalar(c, &event, true);
			keys = memory_resize(keys, count + 1, sizeof *keys);
			keys[count].text = memory_copy_bytes(c->json.data + start, c->json.length - start);
			keys[count].line = event.start_mark.line + 1;
			good = good && check_key(c, &event, keys, count, keys[count].text);
			count++;
			buffer_add_byte(&c->json, ':');
		}
		yaml_event_delete(&event);
		if (good && !ended && next_event(c, &event)) {
			good = add_node(c, &event);
			yaml_event_delete(&event);
		}
	}
	for (size_t i = 0; i < count; i++)
		free(keys[i].text);
	free(keys);
	return good && ended && buffer_add_byte(&c->json, '}');
}

/* Remembers where an anchored node's JSON begins; its end is known when the node is done. */
static size_t open_anchor(struct converter *c, const yaml_event_t *event)
{
	const yaml_char_t *name = event->type == YAML_SCALAR_EVENT ? event->data.scalar.anchor
		: event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.anchor
		: event->type == YAML_MAPPING_START_EVENT ? event->data.mapping_start.anchor : NULL;

	if (!name)
		return 0;
	c->anchors = memory_resize(c->anchors, c->anchor_count + 1, sizeof *c->anchors);
	c->anchors[c->anchor_count++] = (struct anchor){memory_copy_string((const char *)name), c->json.length, 0};
	return c->anchor_count;
}

static bool collection_tag_known(const yaml_event_t *event)
{
	const char *tag = event->type == YAML_SEQUENCE_START_EVENT ? (const char *)event->data.sequence_start.tag
		: event->type == YAML_MAPPING_START_EVENT ? (const char *)event->data.mapping_start.tag : NULL;

	return !tag || strcmp(tag, event->type == YAML_SEQUENCE_START_EVENT ? YAML_SEQ_TAG : YAML_MAP_TAG) == 0;
}

static bool add_node(struct converter *c, yaml_event_t *event)
{
	size_t anchor = open_anchor(c, event);
	bool good;

	if (c->depth++ == DEPTH_LIMIT)
		return reject(c, &event->start_mark, "more than 100 levels");
	if (!collection_tag_known(event))
		return reject(c, &event->start_mark, "a tag of its own: expected plain YAML");
	switch (event->type) {
	case YAML_SCALAR_EVENT: good = add_scalar(c, event, false); break;
	case YAML_SEQUENCE_START_EVENT: good = add_sequence(c); break;
	case YAML_MAPPING_START_EVENT: good = add_mapping(c); break;
	case YAML_ALIAS_EVENT: good = add_alias(c, event); break;
	default: good = reject(c, &event->start_mark, "something that does not belong here");
	}
	c->depth--;
	if (good && anchor)
		c->anchors[anchor - 1].end = c->json.length;
	return good;
}

/* The stream's one document; a file of comments alone is null. */
static void convert(struct converter *c)
{
	unsigned documents = 0;
	bool ended = false;
	yaml_event_t event;

	while (!ended && next_event(c, &event)) {
		switch (event.type) {
		case YAML_STREAM_START_EVENT: case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_STREAM_END_EVENT:
			ended = true;
			break;
		case YAML_DOCUMENT_START_EVENT:
			if (documents++)
				reject(c, &event.start_mark, "a second document: expected one");
			break;
		default:
			add_node(c, &event);
		}
		yaml_event_delete(&event);
	}
	if (!c->json.length)
		buffer_add_string(&c->json, "null");
	buffer_add_byte(&c->json, '\n');
}

static void print(struct converter *c)
{
	struct output *output = output_open(STDOUT_FILENO, "standard output");

	output_write(output, c->json.data, c->json.length);
	c->status = output_close(output);
}

static int run(const char *path)
{
	struct converter c = {.name = path ? path : "standard input", .json = buffer_with_limit(JSON_LIMIT)};
	FILE *file = path ? fopen(path, "rb") : stdin;

	if (!file && errno == ENOMEM)
		memory_exhausted();
	if (!file)
		return fail(STATUS_CONFIG, "%s: cannot be opened", path);
	c.status = yaml_text_read(&c.text, file, c.name);
	if (path)
		fclose(file);
	if (!yaml_parser_initialize(&c.parser))
		memory_exhausted();
	yaml_parser_set_input_string(&c.parser, (const yaml_char_t *)buffer_string(&c.text), c.text.length);
	if (!c.status)
		convert(&c);
	if (!c.status)
		print(&c);
	yaml_parser_delete(&c.parser);
	for (size_t i = 0; i < c.anchor_count; i++)
		free(c.anchors[i].name);
	free(c.anchors);
	buffer_wipe(&c.json); /* configurations may hold keys */
	buffer_wipe(&c.text);
	return c.status;
}

int main(int argc, char **argv)
{
	const struct option_program program = {
		"yaml2json", "[FILE]", "Prints one YAML document (1.2 core schema) as one line of JSON.", "Manual: okta-catalog(1)", NULL, 0,
	};
	int first, status;

	message_program("yaml2json");
	output_default_sigpipe();
	status = options_read(&program, argc, argv, &first);
	if (status != OPTIONS_GO_ON)
		return status;
	if (argc - first > 1)
		return fail(STATUS_USAGE, "unexpected operand %s", argv[first + 1]);
	return run(first < argc && strcmp(argv[first], "-") != 0 ? argv[first] : NULL);
}
