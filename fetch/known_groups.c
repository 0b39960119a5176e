#include "known_groups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "search.h"

enum { ID_LENGTH = 20, FILE_LIMIT = 64 * 1024 * 1024, READ_SIZE = 65536 };

static const char what[] = "known-groups file";

/* The whole file. 0, or the exit status after a message. */
static int read_file(const char *path, struct buffer *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : 1;
	char bytes[READ_SIZE];
	int status = STATUS_OK;

	while (n > 0 && text->length <= FILE_LIMIT) {
		while ((n = read(fd, bytes, sizeof bytes)) < 0 && errno == EINTR)
			;
		if (n > 0)
			buffer_add(text, bytes, (size_t)n);
	}
	if (n < 0)
		status = fail(STATUS_CONFIG, "%s: cannot read %s: %s", what,
			path, strerror(errno));
	else if (text->length > FILE_LIMIT)
		status = fail(STATUS_CONFIG, "%s %s: more than 64 MiB: is it "
			"the right file?", what, path);
	else if (text->length && memchr(text->data, '\0', text->length))
		status = fail(STATUS_CONFIG, "%s %s: a NUL byte in it: expected "
			"text, a group's id, a blank and its name on each line",
			what, path);
	if (fd >= 0)
		close(fd);
	return status;
}

/* Takes one line, without its end; false if it is not one. */
static bool read_line(struct known_groups *known, char *line)
{
	struct known_group *group;

	if (!*line)
		return true;
	if (strlen(line) < ID_LENGTH + 2 || line[ID_LENGTH] != ' ')
		return false;
	line[ID_LENGTH] = '\0';
	if (!search_is_group_id(line))
		return false;
	if (known->count == known->capacity) {
		known->capacity = known->capacity ? known->capacity * 2 : 64;
		known->items = memory_resize(known->items, known->capacity,
			sizeof *known->items);
	}
	group = &known->items[known->count++];
	group->id = line;
	group->name = line + ID_LENGTH + 1;
	return true;
}

/* The ids lie in the text in the file's order. */
static int by_name(const void *a, const void *b)
{
	const struct known_group *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

int known_groups_read(struct known_groups *known, const char *path)
{
	int status = read_file(path, &known->text);
	unsigned long number = 0;
	char *line, *next;

	if (status || !known->text.length)
		return status;
	buffer_string(&known->text);
	line = known->text.data;
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	for (; line; line = next) {
		size_t length = strcspn(line, "\n");

		number++;
		next = line[length] ? line + length + 1 : NULL;
		length -= length && line[length - 1] == '\r';
		line[length] = '\0';
		if (!read_line(known, line))
			return fail(STATUS_CONFIG, "%s %s, line %lu: expected a "
				"group's id (00g and 17 letters and digits), a "
				"blank and its name", what, path, number);
	}
	if (known->count)
		qsort(known->items, known->count, sizeof *known->items, by_name);
	return STATUS_OK;
}

void known_groups_free(struct known_groups *known)
{
	buffer_free(&known->text);
	free(known->items);
}

/* The first known group of a name; known->count if there is none. */
static size_t first_of(const struct known_groups *known, const char *name)
{
	size_t low = 0, high = known->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(known->items[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int by_id(const void *a, const void *b)
{
	const struct known_match *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static size_t drop_repeated(struct known_match *matches, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!kept || by_id(&matches[kept - 1], &matches[i]) != 0)
			matches[kept++] = matches[i];
	return kept;
}

struct known_match *known_groups_match(const struct known_groups *known,
	const struct option_list *names, const bool *found, size_t *count)
{
	/* Names differ from each other: a known group matches one at most. */
	struct known_match *matches =
		memory_alloc((known->count + 1) * sizeof *matches);
	size_t used = 0;

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i];
		size_t k = found[i] ? known->count : first_of(known, name);

		for (; k < known->count
			&& strcmp(known->items[k].name, name) == 0; k++)
			matches[used++] = (struct known_match){
				.id = known->items[k].id, .index = i};
	}
	if (used)
		qsort(matches, used, sizeof *matches, by_id);
	*count = drop_repeated(matches, used);
	return matches;
}

void known_matches_free(struct known_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(matches[i].name);
	free(matches);
}

struct known_match *known_matches_find(struct known_match *matches,
	size_t count, struct slice id, size_t *same)
{
	size_t low = 0, high = count;

	*same = 0;
	if (id.length != ID_LENGTH)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(matches[middle].id, id.data, ID_LENGTH) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + *same < count
		&& slice_equals(id, matches[low + *same].id))
		++*same;
	return *same ? &matches[low] : NULL;
}
