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

/* What a signal's handler must remove. */
static struct publication *volatile under_way;

static void on_signal(int number)
{
	for (struct publication *p = under_way; p; p = p->next)
		if (!p->placed)
			unlink(p->temporary);
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

void publication_clean(const char *path)
{
	char *real = resolve(path), *temporary = temporary_of(real);

	unlink(temporary);
	free(temporary);
	free(real);
}

int publication_begin(struct publication *p, const char *path)
{
	struct stat there;

	memset(p, 0, sizeof *p);
	p->fd = -1;
	p->path = resolve(path);
	p->temporary = temporary_of(p->path);
	if (stat(p->path, &there) == 0 && !S_ISREG(there.st_mode)) {
		p->placed = true; /* there is nothing to remove */
		return fail(STATUS_CREATE, "%s: is no regular file, and it would be replaced by one: use a pipe", p->path);
	}
	catch_signals();
	/* One left behind by a crash is nobody's: runs do not overlap. */
	unlink(p->temporary);
	/* Whoever may not read the file may not read this either: it gets its mode when it is whole. */
	p->fd = open(p->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (p->fd < 0) {
		int status = fail(STATUS_CREATE, "%s: cannot be created: %s", p->temporary, strerror(errno));

		p->placed = true; /* there is nothing to remove */
		return status;
	}
	p->next = under_way;
	under_way = p;
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

bool publication_is(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char block[65536];
	bool same = fd >= 0;
	size_t at = 0;
	ssize_t n = 1;

	while (same && n > 0) {
		n = read(fd, block, sizeof block);
		same = n >= 0 && (size_t)n <= length - at && memcmp(block, bytes + at, (size_t)n) == 0;
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return same && at == length;
}

static int failed(const struct publication *p, const char *what)
{
	return fail(STATUS_IO, "%s: cannot be %s: %s; %s is as it was", p->temporary, what, strerror(errno), p->path);
}

void publication_sync_folder(const char *path)
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

int publication_finish(struct publication *p)
{
	struct stat before;
	mode_t mode = 0644;
	int status = output_close(p->output);

	p->output = NULL;
	if (status)
		return status;
	p->same = same_content(p->fd, p->path);
	if (!p->same && stat(p->path, &before) == 0)
		mode = before.st_mode & 07777;
	if (!p->same && fchmod(p->fd, mode) < 0)
		status = failed(p, "given its mode");
	else if (!p->same && fsync(p->fd) < 0)
		status = failed(p, "written to the disk");
	close(p->fd);
	p->fd = -1;
	return status;
}

int publication_place(struct publication *p)
{
	if (p->same || p->placed)
		return STATUS_OK;
	if (rename(p->temporary, p->path) < 0)
		return failed(p, "put in place");
	p->placed = true;
	return STATUS_OK;
}

void publication_hold_signals(bool hold)
{
	static sigset_t before;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	if (hold)
		sigprocmask(SIG_BLOCK, &signals, &before);
	else
		sigprocmask(SIG_SETMASK, &before, NULL);
}

/* The list is the handler's, too. */
static void forget(struct publication *p)
{
	if (under_way == p) {
		under_way = p->next;
		return;
	}
	for (struct publication *before = under_way; before; before = before->next)
		if (before->next == p)
			before->next = p->next;
}

void publication_end(struct publication *p)
{
	if (!p->path)
		return;
	output_close(p->output);
	if (p->fd >= 0)
		close(p->fd);
	if (!p->placed)
		unlink(p->temporary);
	forget(p);
	free(p->temporary);
	free(p->path);
	memset(p, 0, sizeof *p);
}
