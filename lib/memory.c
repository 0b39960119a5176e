#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>

#include "exit_status.h"
#include "message.h"

static void *checked(void *block)
{
	if (!block)
		exit(fail(STATUS_INTERNAL, "out of memory"));
	return block;
}

void *memory_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *memory_resize(void *block, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		exit(fail(STATUS_INTERNAL, "out of memory"));
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
