#include "published_head.h"

#include <stdlib.h>
#include <string.h>

#include "json_cursor.h"
#include "json_string.h"
#include "memory.h"
#include "split.h"

static const char first_words[] = "# catalog-emit 1";

bool head_is_ours(const char *head)
{
	size_t length = sizeof first_words - 1;

	return strncmp(head, first_words, length) == 0 && (head[length] == ' ' || head[length] == '\r' || head[length] == '\n');
}

/* git may have turned the line's end around. */
static bool is_line(const char *head, const char *line)
{
	size_t length = strlen(line);

	return strncmp(head, line, length) == 0 && (strcmp(head + length, "\n") == 0 || strcmp(head + length, "\r\n") == 0);
}

bool head_is_delta(const char *head)
{
	return is_line(head, "{\"type\":\"delta\",\"added\":[");
}

/* Members of strings up to the array of entities. */
static bool is_mutation(const char *head)
{
	static const char start[] = "{\"type\":\"full\",";
	struct json_cursor cursor = json_cursor(head, strlen(head));
	struct slice key;

	if (strncmp(head, start, sizeof start - 1) != 0 || !json_enter_object(&cursor))
		return false;
	while (json_next_member(&cursor, &key) && json_peek(&cursor) == JSON_STRING)
		json_skip(&cursor, NULL);
	return !cursor.error && is_line(cursor.position_in, "[");
}

char *head_member(const char *head, const char *name)
{
	struct json_cursor cursor = json_cursor(head, strlen(head));
	struct buffer text = BUFFER_EMPTY;
	struct slice key, raw;
	char *value = NULL;

	json_enter_object(&cursor);
	while (!value && json_next_member(&cursor, &key) && json_string_raw(&cursor, &raw))
		if (json_key_equals(key, name)) {
			json_string_decode(raw, &text);
			value = memory_copy_bytes(text.data, text.length);
		}
	buffer_free(&text);
	return value;
}

bool head_format(const char *head, enum format *format)
{
	if (head_is_ours(head))
		*format = FORMAT_YAML;
	else if (is_line(head, "["))
		*format = FORMAT_JSON;
	else if (is_mutation(head))
		*format = FORMAT_MUTATION;
	else if (head[0] == '{' && strncmp(head, "{\"type\":\"delta\"", 15) != 0)
		*format = FORMAT_NDJSON;
	else
		return false;
	return true;
}

struct slice head_word(struct slice word, struct buffer *text)
{
	if (!word.length || !memchr(word.data, '%', word.length))
		return word;
	buffer_clear(text);
	for (size_t i = 0; i < word.length; i++) {
		char digits[3] = {0};

		if (word.data[i] != '%' || i + 2 >= word.length) {
			buffer_add_byte(text, word.data[i]);
			continue;
		}
		memcpy(digits, word.data + i + 1, 2);
		buffer_add_byte(text, (char)strtol(digits, NULL, 16));
		i += 2;
	}
	return slice_of(text->data, text->length);
}

char *head_value(const char *head, const char *name)
{
	const char *found = head;
	size_t length = strlen(name);
	struct buffer text = BUFFER_EMPTY;
	struct slice word;
	char *value;

	while ((found = strstr(found, name)) != NULL && (found == head || found[-1] != ' ' || found[length] != '='))
		found++;
	if (!found)
		return NULL;
	found += length + 1;
	word = head_word(slice_of(found, strcspn(found, " \r\n")), &text);
	value = memory_copy_bytes(word.data, word.length);
	buffer_free(&text);
	return value;
}

unsigned head_parts(const char *head, const char *name)
{
	char *value = head_value(head, name);
	const char *slash = value ? strchr(value, '/') : NULL;
	unsigned long number = value ? strtoul(slash ? slash + 1 : value, NULL, 10) : 0;

	free(value);
	return number <= SPLIT_MOST ? (unsigned)number : 0;
}
