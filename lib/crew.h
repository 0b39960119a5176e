/*
 * Work in batches, by as many threads as there are processors online, and yet in order: each batch is claimed, in order and
 * by one thread at a time (what it is about is read there), worked on, several at once, and taken, in order, by the caller.
 *
 * Batches that hold much are not claimed ahead: crew_run bounds what all of them hold, and who takes gives a large one's memory back.
 *
 * What work does may touch the batch, and what nobody changes meanwhile. With one processor, or one batch, the caller does it all.
 */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>
#include <stddef.h>

struct crew_job {
	void *context;
	/* Says what the batch is about, and about how many bytes it will hold; false: there are no more. */
	bool (*claim)(void *context, void *batch, size_t *bytes);
	void (*work)(void *context, void *batch);
	bool (*take)(void *context, void *batch);  /* false: no more is wanted */
	void (*stop)(void *context);               /* has a claim that waits give up, once no more is wanted; NULL: none waits long */
};

/* How many batches are worth having for crew_run: enough that nobody waits for the slowest. */
size_t crew_batches(void);

/* Runs the job with these batches, count of size bytes each, used again and again. True when every batch was taken, and none refused. */
bool crew_run(const struct crew_job *job, void *batches, size_t count, size_t size);

#endif
