#include "memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exit_status.h"
#include "message.h"

/* The message without any allocation. */
static void report_exhausted(void)
{
	char line[200], stamp[32];
	time_t now = time(NULL);
	struct tm parts;
	int length;

	if (message_is_json() && gmtime_r(&now, &parts)) {
		strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &parts);
		length = snprintf(line, sizeof line,
			"{\"time\":\"%s\","
			"\"level\":\"error\",\"program\":\"%s\",\"message\":"
			"\"out of memory\",\"exit\":%d}\n",
			stamp, message_program_name(), STATUS_INTERNAL);
	} else {
		length = snprintf(line, sizeof line, "%s: out of memory\n",
			message_program_name());
	}
	if (length > 0)
		(void)!write(STDERR_FILENO, line, (size_t)length);
}

_Noreturn void memory_exhausted(void)
{
	static atomic_flag reporting = ATOMIC_FLAG_INIT;

	/*
	 * The usual message takes memory, and may lead back here. Handlers of
	 * exit() are not run: a library's may find its own state half changed.
	 */
	if (!atomic_flag_test_and_set(&reporting))
		_exit(fail(STATUS_INTERNAL, "out of memory"));
	report_exhausted();
	_exit(STATUS_INTERNAL);
}

static void *checked(void *block)
{
	if (!block)
		memory_exhausted();
	return block;
}

void *memory_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *memory_resize(void *block, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		memory_exhausted();
	return checked(realloc(block, count && size ? count * size : 1));
}

char *memory_copy_bytes(const void *bytes, size_t length)
{
	char *copy = memory_alloc(length + 1);

	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *memory_copy_string(const char *string)
{
	return memory_copy_bytes(string, strlen(string));
}

void memory_large_blocks_apart(void)
{
#ifdef __GLIBC__
	/* Without this the bound moves up with what was freed, and large blocks come to lie on the heap. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}
