#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "slice.h"

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Without the white space around it, and without the byte order mark of a Windows editor. */
static struct slice trim(const char *bytes, size_t length)
{
	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	for (; length && is_white(*bytes); bytes++)
		length--;
	while (length && is_white(bytes[length - 1]))
		length--;
	return slice_of(bytes, length);
}

/* The whole secret goes into the buffer in one piece: one that grows would leave pieces of it behind. */
static int keep(const char *bytes, size_t length, const char *what, struct buffer *secret)
{
	struct slice text = trim(bytes, length);

	if (length > SECRET_LIMIT)
		return fail(STATUS_CONFIG, "%s: more than 1 MiB: is it the right file?", what);
	if (!text.length)
		return fail(STATUS_CONFIG, "%s: empty", what);
	buffer_add(secret, text.data, text.length);
	return STATUS_OK;
}

/* Up to size bytes, to the end of the file; false with errno. */
static bool read_all(int fd, char *bytes, size_t size, size_t *length)
{
	*length = 0;
	while (*length < size) {
		ssize_t n = read(fd, bytes + *length, size - *length);

		if (n == 0)
			return true;
		if (n > 0)
			*length += (size_t)n;
		else if (errno != EINTR)
			return false;
	}
	return true;
}

/* A key's text, or a long word that is no path. */
static bool looks_like_secret(const char *path)
{
	return strstr(path, "-----") || strpbrk(path, "{\n") || (strlen(path) >= 32 && !strpbrk(path, "/."));
}

int secret_read_file(const char *path, const char *what, struct buffer *secret)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	char *bytes = memory_alloc(SECRET_LIMIT + 1);
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t length = 0;
	int status;

	if (fd < 0 && looks_like_secret(path)) {
		status = fail(STATUS_CONFIG, "%s: the value is no file's name, but looks like the secret itself (not repeated here): give the name "
			"of a file that holds it", what);
	} else if (fd < 0 || !read_all(fd, bytes, SECRET_LIMIT + 1, &length)) {
		status = fail(STATUS_CONFIG, "%s: cannot read %s: %s", what, name, strerror(errno));
	} else {
		struct buffer place = BUFFER_EMPTY;

		buffer_add_format(&place, "%s (%s)", what, name);
		status = keep(bytes, length, buffer_string(&place), secret);
		buffer_free(&place);
	}
	if (fd >= 0 && !is_stdin)
		close(fd);
	OPENSSL_cleanse(bytes, SECRET_LIMIT + 1);
	free(bytes);
	return status;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool looks_like_path(const char *value)
{
	struct stat ignored;

	if (strstr(value, "-----") || strchr(value, '{') || strchr(value, '\n'))
		return false;
	return starts_with(value, "/") || starts_with(value, "./") || starts_with(value, "../") || ends_with(value, ".pem")
		|| ends_with(value, ".key") || ends_with(value, ".json") || ends_with(value, ".jwk") || stat(value, &ignored) == 0;
}

int secret_from_environment(const char *value, const char *what, struct buffer *secret)
{
	if (looks_like_path(value))
		return secret_read_file(value, what, secret);
	return keep(value, strlen(value), what, secret);
}
