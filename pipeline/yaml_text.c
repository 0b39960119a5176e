#include "yaml_text.h"

#include <string.h>

#include "exit_status.h"

enum { TEXT_LIMIT = 16 * 1024 * 1024 };

static const struct {
	const char *bytes, *name;
} unlike[] = {
	/* Line breaks in YAML 1.1, characters like others in 1.2. */
	{"\xC2\x85", "U+0085, a line break to some readers"},
	{"\xE2\x80\xA8", "U+2028, a line break to some readers"},
	{"\xE2\x80\xA9", "U+2029, a line break to some readers"},
	/* A byte order mark, which belongs to the beginning. */
	{"\xEF\xBB\xBF", "U+FEFF, a byte order mark"},
};

/* What stands at offset and is read in two ways, or NULL. */
static const char *read_unlike(const struct buffer *text, size_t offset)
{
	if (offset > 0 || text->data[0] != '\xEF')
		for (size_t i = 0; i < sizeof unlike / sizeof *unlike; i++) {
			size_t length = strlen(unlike[i].bytes);

			if (text->length - offset >= length && memcmp(text->data + offset, unlike[i].bytes, length) == 0)
				return unlike[i].name;
		}
	return NULL;
}

static int judge(const struct buffer *text, const char *name)
{
	size_t line = 1;

	for (size_t i = 0; i < text->length; i++) {
		const char *what = (unsigned char)text->data[i] < 0x80 ? NULL : read_unlike(text, i);

		if (what)
			return fail(STATUS_DATA, "%s: line %zu: has the character %s; write it as an escape in double quotes", name, line, what);
		line += text->data[i] == '\n';
	}
	return STATUS_OK;
}

int yaml_text_read(struct buffer *text, FILE *file, const char *name)
{
	char block[16384];
	size_t got;
	int status = STATUS_OK;

	*text = buffer_with_limit(TEXT_LIMIT);
	while (!status && (got = fread(block, 1, sizeof block, file)) > 0)
		if (!buffer_add(text, block, got))
			status = fail(STATUS_DATA, "%s: is longer than 16 MiB", name);
	memset(block, 0, sizeof block);
	if (!status && !feof(file))
		status = fail(STATUS_CONFIG, "%s: cannot be read", name);
	if (!status && text->length && text->data[text->length - 1] != '\n')
		buffer_add_byte(text, '\n');
	return status ? status : judge(text, name);
}

char yaml_text_at(const struct buffer *text, struct yaml_line *last,
	size_t line, size_t column)
{
	size_t i;

	if (line < last->number)
		*last = (struct yaml_line){0, 0};
	for (i = last->start; i < text->length && last->number < line; i++)
		if (text->data[i] == '\n')
			*last = (struct yaml_line){last->number + 1, i + 1};
	if (last->number < line)
		return '\0';
	/* A character's later bytes count for nothing. */
	for (i = last->start; i < text->length && text->data[i] != '\n'; i++) {
		if (((unsigned char)text->data[i] & 0xC0) == 0x80)
			continue;
		if (column-- == 0)
			return text->data[i];
	}
	return '\0';
}
