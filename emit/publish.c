#include "publish.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"

/* What a signal's handler must remove; NULL: nothing. */
static const char *volatile to_remove;

static void on_signal(int number)
{
	const char *path = to_remove;

	if (path)
		unlink(path);
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action, old;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	action.sa_flags = SA_NODEFER;
	for (size_t i = 0; i < 3; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

/* A link's target is replaced, not the link. free() it. */
static char *resolve(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : memory_copy_string(path);
}

static char *temporary_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0, size = strlen(path) + sizeof "..tmp";
	char *temporary = memory_alloc(size);

	snprintf(temporary, size, "%.*s.%s.tmp", (int)folder, path, path + folder);
	return temporary;
}

int publication_begin(struct publication *p, const char *path)
{
	memset(p, 0, sizeof *p);
	p->path = resolve(path);
	p->temporary = temporary_of(p->path);
	catch_signals();
	/* One left behind by a crash is nobody's: runs do not overlap. */
	unlink(p->temporary);
	to_remove = p->temporary;
	p->fd = open(p->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (p->fd < 0) {
		to_remove = NULL;
		return fail(STATUS_CREATE, "%s: cannot be created: %s", p->temporary, strerror(errno));
	}
	p->output = output_open(p->fd, p->temporary);
	return STATUS_OK;
}

static bool same_content(int fd, const char *path)
{
	int other = open(path, O_RDONLY | O_CLOEXEC);
	struct stat a, b;
	bool same = other >= 0 && fstat(fd, &a) == 0 && fstat(other, &b) == 0 && a.st_size == b.st_size;
	char left[65536], right[65536];

	for (off_t at = 0; same && at < a.st_size;) {
		ssize_t n = pread(fd, left, sizeof left, at);

		same = n > 0 && pread(other, right, (size_t)n, at) == n && memcmp(left, right, (size_t)n) == 0;
		at += n;
	}
	if (other >= 0)
		close(other);
	return same;
}

static int failed(const struct publication *p, const char *what)
{
	return fail(STATUS_IO, "%s: cannot be %s: %s; %s is as it was", p->temporary, what, strerror(errno), p->path);
}

/* A rename is safe on the disk when its folder is. */
static void sync_folder(const char *path)
{
	char *folder = memory_copy_string(path), *slash = strrchr(folder, '/');
	int fd;

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

int publication_commit(struct publication *p, bool *same)
{
	struct stat before;
	mode_t mode = 0644;
	int status = output_close(p->output);

	p->output = NULL;
	if (status)
		return status;
	*same = same_content(p->fd, p->path);
	if (*same)
		return STATUS_OK;
	if (stat(p->path, &before) == 0)
		mode = before.st_mode & 07777;
	if (fchmod(p->fd, mode) < 0)
		return failed(p, "given its mode");
	if (fsync(p->fd) < 0)
		return failed(p, "written to the disk");
	if (rename(p->temporary, p->path) < 0)
		return failed(p, "put in place");
	to_remove = NULL;
	sync_folder(p->path);
	return STATUS_OK;
}

void publication_end(struct publication *p)
{
	output_close(p->output);
	if (p->fd > 0)
		close(p->fd);
	if (to_remove)
		unlink(to_remove);
	to_remove = NULL;
	free(p->temporary);
	free(p->path);
}
