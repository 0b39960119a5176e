/*
 * Allocation that ends the program with a message (70) when there is no memory: no caller checks.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* Reports that there is no memory, and ends the program with 70. */
_Noreturn void memory_exhausted(void);

void *memory_alloc(size_t size);                       /* zeroed; free() it */
void *memory_resize(void *block, size_t count, size_t size); /* realloc of count * size bytes, overflow checked */
char *memory_copy_string(const char *string);          /* free() it */
char *memory_copy_bytes(const void *bytes, size_t length); /* with a NUL behind it; free() it */

/*
 * For programs that hold large arrays and let them go: these grow without a copy, and what is freed goes back to the system at once.
 */
void memory_large_blocks_apart(void);

#endif
