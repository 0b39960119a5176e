#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"

enum { TAIL = 256 * 1024 };

static const char *folder(void)
{
	const char *variable = getenv("TMPDIR");

	return variable && *variable ? variable : "/tmp";
}

/* Makes the file; false after a message. */
static bool make_file(struct spool *spool)
{
	static const char name[] = "/okta-catalog.XXXXXX";
	char *path = memory_alloc(strlen(folder()) + sizeof name);

	strcat(strcat(path, folder()), name);
	spool->fd = mkstemp(path);
	if (spool->fd < 0) {
		spool->status = fail(STATUS_CREATE, "%s: no temporary file can be made there: %s; set TMPDIR to a folder with room", folder(), strerror(errno));
	} else {
		unlink(path);
		fcntl(spool->fd, F_SETFD, FD_CLOEXEC);
	}
	free(path);
	return spool->fd >= 0;
}

struct spool spool_keeping(size_t keep)
{
	return (struct spool){.fd = -1, .keep = keep};
}

bool spool_open(struct spool *spool)
{
	*spool = spool_keeping(0);
	return make_file(spool);
}

static bool failed(struct spool *spool, const char *what, const char *why)
{
	if (!atomic_exchange(&spool->status, STATUS_IO))
		fail(STATUS_IO, "temporary file in %s: cannot be %s: %s", folder(), what, why);
	return false;
}

static bool flush(struct spool *spool)
{
	const char *bytes = spool->tail.data;
	size_t left = spool->tail.length;

	if (left && spool->fd < 0 && !make_file(spool))
		return false;
	while (left) {
		ssize_t n = write(spool->fd, bytes, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(spool, "written", strerror(errno));
		bytes += n;
		left -= (size_t)n;
	}
	buffer_clear(&spool->tail);
	return true;
}

bool spool_add(struct spool *spool, const void *bytes, size_t length, uint64_t *offset)
{
	*offset = spool->length;
	spool->length += length;
	/* Once something went to the file all that follows does: offsets tell where a byte is. */
	if (*offset == spool->kept.length && spool->kept.length + length <= spool->keep) {
		buffer_add(&spool->kept, bytes, length);
		spool->file_start = spool->length;
		return true;
	}
	buffer_add(&spool->tail, bytes, length);
	return spool->tail.length < TAIL || flush(spool);
}

/* Appends length bytes of the file, from offset on, to bytes. */
static bool read_back(struct spool *spool, uint64_t offset, size_t length, struct buffer *bytes)
{
	size_t done = 0;

	if (spool->tail.length && !flush(spool))
		return false;
	buffer_reserve(bytes, length);
	while (done < length) {
		ssize_t n = pread(spool->fd, bytes->data + bytes->length, length - done, (off_t)(offset - spool->file_start + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(spool, "read", n < 0 ? strerror(errno) : "it was cut off");
		buffer_filled(bytes, (size_t)n);
		done += (size_t)n;
	}
	return true;
}

bool spool_find(struct spool *spool, uint64_t offset, size_t length, struct buffer *bytes, struct slice *found)
{
	if (offset + length <= spool->kept.length) {
		*found = slice_of(spool->kept.data + offset, length);
		return true;
	}
	buffer_clear(bytes);
	if (!read_back(spool, offset, length, bytes))
		return false;
	*found = slice_of(bytes->data, length);
	return true;
}

bool spool_recall(struct spool *spool, size_t more)
{
	uint64_t left = spool->length - spool->kept.length;

	return left == 0 || read_back(spool, spool->kept.length, left < more ? (size_t)left : more, &spool->kept);
}

bool spool_read(struct spool *spool, uint64_t offset, size_t length, struct buffer *bytes)
{
	struct slice found;

	if (!spool_find(spool, offset, length, bytes, &found))
		return false;
	if (found.data != bytes->data) {
		buffer_clear(bytes);
		buffer_add(bytes, found.data, found.length);
	}
	return true;
}

bool spool_settle(struct spool *spool)
{
	return !spool->tail.length || flush(spool);
}

int spool_status(const struct spool *spool)
{
	return spool->status;
}

void spool_close(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
	buffer_free(&spool->tail);
	buffer_free(&spool->kept);
}
