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

enum { MOST_LINKS = 40 }; /* one behind the other, as Linux has it */

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
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction action, old;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	action.sa_flags = SA_NODEFER;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

/* Whether a path is a link must be known: a link is never replaced. */
static void check_memory(void)
{
	if (errno == ENOMEM)
		memory_exhausted();
}

/* What a link says, seen from where the link stands; NULL: it is none. free() it. */
static char *link_target(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0;
	char *target = memory_alloc(folder + PATH_MAX + 1);
	ssize_t length = readlink(path, target + folder, PATH_MAX);

	if (length < 0)
		check_memory();
	if (length <= 0) {
		free(target);
		return NULL;
	}
	if (target[folder] == '/')
		memmove(target, target + folder, (size_t)length + 1);
	else
		memcpy(target, path, folder);
	return target;
}

/* A link's target is replaced, not the link, and made where it is not there yet. free() it. */
static char *resolve(const char *path)
{
	char *real = realpath(path, NULL), *target;

	if (real)
		return real;
	check_memory();
	real = memory_copy_string(path);
	for (int i = 0; i < MOST_LINKS && (target = link_target(real)) != NULL; i++) {
		free(real);
		real = target;
	}
	return real;
}

static char *temporary_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0, size = strlen(path) + sizeof "..tmp";
	char *temporary = memory_alloc(size);

	snprintf(temporary, size, "%.*s.%s.tmp", (int)folder, path, path + folder);
	return temporary;
}

/* Locks the file as long as it is open here. False: another process has it. Where there are no locks, nobody has. */
static bool lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN);
}

/* Is the open file still the one at the path? */
static bool is_at(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Removes a temporary file that nobody writes any longer. 0, or -1 with errno, EAGAIN when somebody does. */
static int remove_left(const char *temporary)
{
	int fd = open(temporary, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), result = 0;

	if (fd >= 0 && !lock(fd)) {
		errno = EAGAIN;
		result = -1;
	} else if (fd >= 0 ? is_at(fd, temporary) : errno != ENOENT) {
		result = unlink(temporary);
	}
	if (fd >= 0)
		close(fd);
	return result;
}

bool publication_clean(const char *path)
{
	char *real = resolve(path), *temporary = temporary_of(real);
	bool locked = remove_left(temporary) < 0 && errno == EAGAIN;

	free(temporary);
	free(real);
	return !locked;
}

/*
 * A new file of our own under the name, locked. -1 with errno, EAGAIN when another run has it. Between making and locking
 * it another run may take it for one left behind, so it is ours only when it is still there when it is locked.
 */
static int create(const char *temporary)
{
	for (int tries = 0; tries < 100; tries++) {
		/* Whoever may not read the file may not read this either: it gets its mode when it is whole. */
		int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		bool locked;

		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd < 0 && remove_left(temporary) < 0 && errno != ENOENT)
			return -1;
		if (fd < 0)
			continue;
		locked = lock(fd);
		if (locked && is_at(fd, temporary))
			return fd;
		close(fd);
		if (!locked)
			break;
	}
	errno = EAGAIN;
	return -1;
}

/* Is this run writing the file already, under whatever name? Its lock is no hindrance to itself. */
static bool is_under_way(const char *temporary)
{
	const struct publication *p = under_way;

	while (p && strcmp(p->temporary, temporary) != 0)
		p = p->next;
	return p != NULL;
}

int publication_begin(struct publication *p, const char *path)
{
	struct stat there;

	memset(p, 0, sizeof *p);
	p->fd = -1;
	p->mode = 0644;
	p->path = resolve(path);
	p->temporary = temporary_of(p->path);
	p->placed = true; /* there is nothing to remove yet */
	if (stat(p->path, &there) < 0 && errno == ELOOP)
		return fail(STATUS_CREATE, "%s: cannot be created: %s", path, strerror(errno));
	if (stat(p->path, &there) == 0 && !S_ISREG(there.st_mode))
		return fail(STATUS_CREATE, "%s: is no regular file, and it would be replaced by one: use a pipe", p->path);
	if (is_under_way(p->temporary))
		return fail(STATUS_CREATE, "%s: is the same file as another that this run writes: give it another name", path);
	catch_signals();
	publication_hold_signals(true);
	p->fd = create(p->temporary);
	if (p->fd >= 0) {
		p->placed = false;
		p->next = under_way;
		under_way = p;
	}
	publication_hold_signals(false);
	if (p->fd < 0 && errno == EAGAIN)
		return fail(STATUS_LATER, "%s: another run is writing it: try again when that is done", p->path);
	if (p->fd < 0)
		return fail(STATUS_CREATE, "%s: cannot be created: %s", p->temporary, strerror(errno));
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

struct publication_mark publication_mark(const char *path)
{
	struct publication_mark mark = {0, 0, 0, 0, 0};
	struct stat there;

	if (stat(path, &there) < 0)
		return mark;
	mark.device = (uint64_t)there.st_dev;
	mark.file = (uint64_t)there.st_ino;
	mark.size = (uint64_t)there.st_size;
	mark.seconds = (uint64_t)there.st_mtim.tv_sec;
	mark.nanoseconds = (uint64_t)there.st_mtim.tv_nsec;
	return mark;
}

bool publication_replaced(const char *path, const struct publication_mark *since)
{
	struct publication_mark now = publication_mark(path);

	return memcmp(&now, since, sizeof now) != 0;
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

/*
 * The file becomes that of the owner whose file it replaces: what an
 * administrator changes as root, the service's user must be able to change
 * again. -1 with errno if this failed, unless it is not permitted.
 */
static int keep_owner(int fd, const struct stat *before)
{
	if (geteuid() != 0 || fchown(fd, before->st_uid, before->st_gid) == 0)
		return 0;
	return errno == EPERM ? 0 : -1;
}

int publication_written(struct publication *p)
{
	struct stat before;
	mode_t mode = p->mode;
	int status = output_close(p->output);

	p->output = NULL;
	if (status)
		return status;
	p->same = same_content(p->fd, p->path);
	if (!p->same && stat(p->path, &before) == 0) {
		mode = before.st_mode & 07777;
		if (keep_owner(p->fd, &before) < 0)
			status = failed(p, "given its owner");
	}
	if (!p->same && !status && fchmod(p->fd, mode) < 0)
		status = failed(p, "given its mode");
	/* Has the disk begin now; nothing depends on it. */
	if (!p->same && !status)
		posix_fadvise(p->fd, 0, 0, POSIX_FADV_DONTNEED);
	return status;
}

int publication_finish(struct publication *p)
{
	int status = p->output ? publication_written(p) : STATUS_OK;

	if (!status && !p->same && fsync(p->fd) < 0)
		status = failed(p, "written to the disk");
	return status;
}

void publication_unlock(struct publication *p)
{
	if (p->same && !p->placed) {
		unlink(p->temporary);
		p->placed = true;
	}
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
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
	if (!p->placed)
		unlink(p->temporary);
	if (p->fd >= 0)
		close(p->fd);
	forget(p);
	free(p->temporary);
	free(p->path);
	memset(p, 0, sizeof *p);
}
