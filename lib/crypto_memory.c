#include "crypto_memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "memory.h"

static void *checked_malloc(size_t size, const char *file, int line)
{
	void *block = size ? malloc(size) : NULL;

	(void)file;
	(void)line;
	if (size && !block)
		memory_exhausted();
	return block;
}

static void *checked_realloc(void *old, size_t size, const char *file, int line)
{
	void *block;

	(void)file;
	(void)line;
	if (!size) {
		free(old);
		return NULL;
	}
	block = realloc(old, size);
	if (!block)
		memory_exhausted();
	return block;
}

static void checked_free(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	free(block);
}

void crypto_memory_checked(void)
{
	CRYPTO_set_mem_functions(checked_malloc, checked_realloc, checked_free);
}
