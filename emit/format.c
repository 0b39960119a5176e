#include "format.h"

#include "format_provider.h"
#include "json_string.h"

/* A comment must stay one line, whatever a ref or an id holds. */
static void add_comment_word(struct buffer *text, struct slice word)
{
	size_t run = 0;

	for (size_t i = 0; i < word.length; i++) {
		unsigned char c = (unsigned char)word.data[i];

		if (c > ' ' && c < 0x7f && c != '%')
			continue;
		buffer_add(text, word.data + run, i - run);
		buffer_add_format(text, "%%%02X", c);
		run = i + 1;
	}
	if (run < word.length)
		buffer_add(text, word.data + run, word.length - run);
}

bool format_is_yaml(enum format format)
{
	return format == FORMAT_YAML || format == FORMAT_YAML_FLOW;
}

/* Whose entities these are is nothing that Backstage looks at: it tells the next run. */
static void add_mutation_head(const char *id, const char *org, struct buffer *text)
{
	buffer_add_string(text, "{\"type\":\"full\",");
	if (id) {
		buffer_add_string(text, "\"id\":");
		json_string_encode(text, slice_of_string(id));
		buffer_add_byte(text, ',');
	}
	if (org) {
		buffer_add_string(text, "\"oktaUrl\":");
		json_string_encode(text, slice_of_string(org));
		buffer_add_byte(text, ',');
	}
	buffer_add_string(text, "\"entities\":[\n");
}

void format_head(enum format format, const char *id, const char *org, const char *split, struct buffer *text)
{
	if (format == FORMAT_JSON)
		buffer_add_string(text, "[\n");
	else if (format == FORMAT_MUTATION)
		add_mutation_head(id, org, text);
	else if (format == FORMAT_DELTA)
		buffer_add_string(text, "{\"type\":\"delta\",\"added\":[\n");
	if (!format_is_yaml(format))
		return;
	buffer_add_string(text, "# catalog-emit 1");
	if (id) {
		buffer_add_string(text, " id=");
		add_comment_word(text, slice_of_string(id));
	}
	if (org) {
		buffer_add_string(text, " org=");
		add_comment_word(text, slice_of_string(org));
	}
	if (split && *split)
		buffer_add_format(text, " %s", split);
	buffer_add_byte(text, '\n');
}

void format_document(enum format format, const struct format_entity *entity, struct buffer *document)
{
	if (format_is_yaml(format)) {
		buffer_add_string(document, "--- # ");
		add_comment_word(document, entity->ref);
		if (entity->okta_id.length) {
			buffer_add_byte(document, ' ');
			add_comment_word(document, entity->okta_id);
		}
		buffer_add_byte(document, '\n');
	}
	switch (format) {
	case FORMAT_YAML: format_yaml(entity->json, document); return;
	case FORMAT_YAML_FLOW: format_yaml_flow(entity->json, document); break;
	case FORMAT_JSON: buffer_add(document, entity->json.data, entity->json.length); return;
	case FORMAT_NDJSON: buffer_add(document, entity->json.data, entity->json.length); break;
	case FORMAT_MUTATION: case FORMAT_DELTA:
		format_deferred(entity->json, entity->location, entity->location_key, document);
		return;
	}
	buffer_add_byte(document, '\n');
}

static bool has_commas(enum format format)
{
	return format == FORMAT_JSON || format == FORMAT_MUTATION || format == FORMAT_DELTA;
}

void format_between(enum format format, struct buffer *text)
{
	if (has_commas(format))
		buffer_add_string(text, ",\n");
}

void format_tail(enum format format, bool any, struct buffer *text)
{
	if (any && has_commas(format))
		buffer_add_byte(text, '\n');
	if (format == FORMAT_JSON)
		buffer_add_string(text, "]\n");
	else if (format == FORMAT_MUTATION || format == FORMAT_DELTA)
		buffer_add_string(text, "]}\n");
}
