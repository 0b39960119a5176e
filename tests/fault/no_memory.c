/*
 * Loaded before a program's libraries (LD_PRELOAD): the allocation of number
 * NO_MEMORY_AT fails, as at a memory limit; with NO_MEMORY_SINCE, all from that
 * number on. Only for programs without a sanitizer, which has malloc itself.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The C library's own, which need no looking up. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern char **environ;

/* getenv might be called before the program has begun, and this is not. */
static long number_in(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; entry && *entry; entry++)
		if (strncmp(*entry, name, length) == 0
			&& (*entry)[length] == '=')
			return atol(*entry + length + 1);
	return 0;
}

static int fails(void)
{
	static atomic_long calls;
	long call = atomic_fetch_add(&calls, 1) + 1;
	long since = number_in("NO_MEMORY_SINCE");

	if (call != number_in("NO_MEMORY_AT") && (!since || call < since))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}
