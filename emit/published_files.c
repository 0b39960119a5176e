#include "published_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "published_head.h"
#include "split.h"

static int failed(const char *path)
{
	return fail(STATUS_DATA, "%s: what was published before cannot be read: %s", path, strerror(errno));
}

/* Opens a file to read its head, -1 with errno. One that cannot be read twice is none; looked at first, for opening a pipe waits. */
static int open_regular(struct published_file *file)
{
	struct stat about;

	file->mark = publication_mark(file->path);
	if (stat(file->path, &about) < 0)
		return -1;
	errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
	return S_ISREG(about.st_mode) ? open(file->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
}

/* The first line of a file with its line feed, NULL when it is not there or empty. free() it. */
static int read_head(struct published_file *file)
{
	struct buffer head = BUFFER_EMPTY;
	int fd = open_regular(file);
	char block[4096];
	ssize_t n = 0;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return STATUS_OK;
	if (fd < 0 && errno == EINVAL)
		return fail(STATUS_DATA, "%s: is no regular file: what was published before cannot be read from there", file->path);
	if (fd < 0)
		return failed(file->path);
	while ((n = read(fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)) {
		const char *feed = n > 0 ? memchr(block, '\n', (size_t)n) : NULL;

		if (n > 0)
			buffer_add(&head, block, feed ? (size_t)(feed - block) + 1 : (size_t)n);
		if (feed)
			break;
	}
	close(fd);
	file->exists = head.length > 0;
	file->head = memory_copy_bytes(head.data, head.length);
	buffer_free(&head);
	return n < 0 ? failed(file->path) : STATUS_OK;
}

bool published_changed(const struct published *published)
{
	for (size_t i = 0; i < published->file_count; i++)
		if (publication_replaced(published->files[i].path, &published->files[i].mark))
			return true;
	return false;
}

static struct published_file *add_file(struct published *published, char *path)
{
	published->files = memory_resize(published->files, published->file_count + 1, sizeof *published->files);
	published->files[published->file_count] = (struct published_file){.path = path};
	return &published->files[published->file_count++];
}

/* How many parts the catalog has of which the file is one; 0: it is none of ours. */
static unsigned part_of(const struct published_file *file)
{
	return file->exists && head_is_ours(file->head) ? head_parts(file->head, "part") : 0;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A part that this program did not write, or for another provider. */
static void find_foreign(struct published *published, const struct published_file *file)
{
	char *id;

	if (!file->exists || published->foreign)
		return;
	id = head_value(file->head, "id");
	if (!part_of(file) || !same_text(id, published->id))
		published->foreign = memory_copy_string(file->path);
	free(id);
}

static int missing(const struct published *published, const struct published_file *file)
{
	if (!published->force)
		return fail(STATUS_DATA, "%s: is missing, so what would vanish cannot be told: bring it back, or write it anew with --force", file->path);
	warn("%s: is missing, so it is written anew", file->path);
	return STATUS_OK;
}

/* The parts beside an index, those that are there and those that should be. whole: all that it had must be there. */
static int open_parts(struct published *published, const char *path, unsigned asked, bool whole)
{
	unsigned most = published->parts > asked ? published->parts : asked;
	int status = STATUS_OK;

	free(published->files[0].head);
	free(published->files[0].path);
	published->file_count = 0;
	for (unsigned i = 0; !status && i < most; i++) {
		struct published_file *file = add_file(published, split_part_path(path, i));
		unsigned split;

		status = read_head(file);
		if (!status && !file->exists && whole && i < published->parts)
			status = missing(published, file);
		if (status || !file->exists)
			continue;
		find_foreign(published, file);
		split = part_of(file);
		published->moving = published->moving || (split && split == asked && asked != published->parts);
	}
	return status;
}

/* Did a forced change from one file to parts stop before the index was in place? */
static int look_for_parts(struct published *published, const char *path, unsigned asked)
{
	int status = STATUS_OK;

	for (unsigned i = 0; !status && i < asked; i++) {
		struct published_file file = {.path = split_part_path(path, i)};

		status = read_head(&file);
		if (!status && !published->foreign)
			find_foreign(published, &file);
		published->moving = published->moving || (i == 0 && part_of(&file) == asked);
		free(file.head);
		free(file.path);
	}
	return status;
}

/* Without its index a catalog is its parts: one was lost, or the first publication was interrupted. */
static int open_without_index(struct published *published, const char *path, unsigned asked)
{
	char *folder = split_folder(path);
	bool may_have_parts = *folder && !access(folder, X_OK) && !published_folder_is_taken(path);
	int status = STATUS_OK;

	free(folder);
	for (unsigned i = 0; may_have_parts && !status && !published->parts && i < SPLIT_MOST; i++) {
		struct published_file part = {.path = split_part_path(path, i)};

		status = read_head(&part);
		published->parts = status ? 0 : part_of(&part);
		if (published->parts) {
			published->id = head_value(part.head, "id");
			published->org = head_value(part.head, "org");
		}
		free(part.head);
		free(part.path);
	}
	if (!status && published->parts) {
		published->exists = true;
		published->format = FORMAT_YAML;
		return open_parts(published, path, asked, false);
	}
	if (!status && asked)
		status = look_for_parts(published, path, asked);
	return status;
}

bool published_is_part(const char *path, const char *id)
{
	struct published_file file = {.path = NULL};
	char *its = NULL;
	bool part;

	file.path = memory_copy_string(path);
	part = !access(path, R_OK) && !read_head(&file) && part_of(&file);
	if (part)
		its = head_value(file.head, "id");
	part = part && same_text(its, id);
	free(its);
	free(file.path);
	free(file.head);
	return part;
}

bool published_folder_is_taken(const char *path)
{
	struct published_file other = {.path = split_other_index(path)};
	bool taken = other.path && !access(other.path, R_OK) && !read_head(&other) && other.exists && head_is_ours(other.head)
		&& head_parts(other.head, "split");

	free(other.path);
	free(other.head);
	return taken;
}

static int open_index(struct published *published, const char *path, unsigned asked)
{
	const char *head = published->files[0].head;

	published->exists = true;
	if (!head_format(head, &published->format)) {
		published->foreign = memory_copy_string(path);
		return STATUS_OK;
	}
	if (published->format == FORMAT_MUTATION) {
		published->id = head_member(head, "id");
		published->org = head_member(head, "oktaUrl");
	} else if (published->format == FORMAT_YAML) {
		published->id = head_value(head, "id");
		published->org = head_value(head, "org");
	}
	published->parts = published->format == FORMAT_YAML ? head_parts(head, "split") : 0;
	if (published->parts)
		return open_parts(published, path, asked, true);
	return asked && published->format == FORMAT_YAML ? look_for_parts(published, path, asked) : STATUS_OK;
}

int published_find(struct published *published, const char *path, unsigned parts)
{
	struct published_file *file = add_file(published, memory_copy_string(path));
	int status = read_head(file);

	if (status)
		return status;
	return file->exists ? open_index(published, path, parts) : open_without_index(published, path, parts);
}
