#include "format.h"

/* A comment must stay one line, whatever a ref or an id holds. */
static void add_comment_word(struct buffer *text, struct slice word)
{
	for (size_t i = 0; i < word.length; i++) {
		unsigned char c = (unsigned char)word.data[i];

		if (c <= ' ' || c >= 0x7f)
			buffer_add_format(text, "%%%02X", c);
		else
			buffer_add_byte(text, (char)c);
	}
}

static bool is_yaml(enum format format)
{
	return format == FORMAT_YAML || format == FORMAT_YAML_FLOW;
}

void format_head(enum format format, const char *id, const char *org, struct buffer *text)
{
	if (format == FORMAT_JSON)
		buffer_add_string(text, "[\n");
	if (!is_yaml(format))
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
	buffer_add_byte(text, '\n');
}

void format_document(enum format format, struct slice json, struct slice ref, struct slice okta_id, struct buffer *document)
{
	if (is_yaml(format)) {
		buffer_add_string(document, "--- # ");
		add_comment_word(document, ref);
		if (okta_id.length) {
			buffer_add_byte(document, ' ');
			add_comment_word(document, okta_id);
		}
		buffer_add_byte(document, '\n');
	}
	if (format == FORMAT_YAML) {
		format_yaml(json, document);
	} else if (format == FORMAT_YAML_FLOW) {
		format_yaml_flow(json, document);
		buffer_add_byte(document, '\n');
	} else {
		buffer_add(document, json.data, json.length);
		if (format != FORMAT_JSON)
			buffer_add_byte(document, '\n');
	}
}

void format_between(enum format format, struct buffer *text)
{
	if (format == FORMAT_JSON)
		buffer_add_string(text, ",\n");
}

void format_tail(enum format format, bool any, struct buffer *text)
{
	if (format == FORMAT_JSON)
		buffer_add_string(text, any ? "\n]\n" : "]\n");
}
