/* The same where the processor has no instructions for sixteen bytes at once, or the compiler does not know them. */
#undef __SSE2__
#include "lib/json_cursor.c"

#include "read.c"
