/*
 * Memory that will be needed soon: at a million people most of the time would go into waiting for it.
 */
#ifndef EARLY_H
#define EARLY_H

/* Has the processor fetch what p points to while it does something else. Any p will do. */
static inline void early(const void *p)
{
#ifdef __GNUC__
	__builtin_prefetch(p);
#else
	(void)p;
#endif
}

#endif
