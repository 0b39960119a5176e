/*
 * Loaded before a program's libraries (LD_PRELOAD): counts the calls that change files and kills the program right
 * before the call of number DIE_AT. With TERM_AT it gets SIGTERM there, with STOP_AT it stops, with FAIL_AT that call fails with ENOSPC. What was called is appended to
 * the file CALLS.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int number_in(const char *name)
{
	const char *value = getenv(name);

	return value ? atoi(value) : 0;
}

/* True: the call is to fail. */
static int counts(const char *call)
{
	static int calls;
	const char *log = getenv("CALLS");

	calls++;
	if (log) {
		int fd = openat(AT_FDCWD, log, O_WRONLY | O_APPEND);
		ssize_t (*real)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");

		if (fd >= 0 && real(fd, call, strlen(call)) >= 0 && real(fd, "\n", 1) >= 0)
			close(fd);
	}
	if (calls == number_in("DIE_AT"))
		kill(getpid(), SIGKILL);
	if (calls == number_in("TERM_AT"))
		kill(getpid(), SIGTERM);
	if (calls == number_in("STOP_AT"))
		raise(SIGSTOP);
	errno = ENOSPC;
	return calls == number_in("FAIL_AT");
}

#define REAL(name) dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *bytes, size_t length)
{
	ssize_t (*real)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))REAL("write");

	return fd > 2 && counts("write") ? -1 : real(fd, bytes, length);
}

int fsync(int fd)
{
	int (*real)(int) = (int (*)(int))REAL("fsync");

	return counts("fsync") ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) = (int (*)(const char *, const char *))REAL("rename");

	return counts("rename") ? -1 : real(from, to);
}

int unlink(const char *path)
{
	int (*real)(const char *) = (int (*)(const char *))REAL("unlink");

	return counts("unlink") ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
	int (*real)(const char *, mode_t) = (int (*)(const char *, mode_t))REAL("mkdir");

	return counts("mkdir") ? -1 : real(path, mode);
}

int fchmod(int fd, mode_t mode)
{
	int (*real)(int, mode_t) = (int (*)(int, mode_t))REAL("fchmod");

	return counts("fchmod") ? -1 : real(fd, mode);
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))REAL("open");
	mode_t mode = 0;
	va_list arguments;

	if (flags & O_CREAT) {
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
		if (counts("open"))
			return -1;
	}
	return real(path, flags, mode);
}
