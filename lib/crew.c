#include "crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

/* More would only wait: what is claimed and taken in order is done by one at a time. */
enum { HELPERS_MOST = 4 };

struct crew {
	const struct crew_job *job;
	char *batches;
	bool *done;            /* by batch: worked on, and not taken yet */
	size_t count, size;
	pthread_mutex_t claiming; /* held while a batch is claimed, which may wait for input */
	pthread_mutex_t lock;     /* of what follows */
	pthread_cond_t changed;
	size_t claimed, taken;    /* so many batches, from the first on */
	bool over, stopped;       /* no more can be claimed; no more are wanted */
};

static size_t processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : (size_t)count;
}

static size_t helpers(void)
{
	size_t count = processors();

	return count == 1 ? 0 : count < HELPERS_MOST ? count : HELPERS_MOST;
}

size_t crew_batches(void)
{
	return helpers() ? 2 * helpers() : 1;
}

static void *batch(const struct crew *crew, size_t number)
{
	return crew->batches + number % crew->count * crew->size;
}

/* Waits until a batch is free; false when no more are to be claimed. */
static bool wait_for_room(struct crew *crew)
{
	bool more;

	pthread_mutex_lock(&crew->lock);
	while (!crew->over && !crew->stopped && crew->claimed - crew->taken == crew->count)
		pthread_cond_wait(&crew->changed, &crew->lock);
	more = !crew->over && !crew->stopped;
	pthread_mutex_unlock(&crew->lock);
	return more;
}

/* The number of the batch that was claimed, or SIZE_MAX. */
static size_t claim(struct crew *crew)
{
	size_t number = SIZE_MAX;

	pthread_mutex_lock(&crew->claiming);
	if (wait_for_room(crew)) {
		bool more = crew->job->claim(crew->job->context, batch(crew, crew->claimed));

		pthread_mutex_lock(&crew->lock);
		if (more)
			number = crew->claimed++;
		else
			crew->over = true;
		pthread_cond_broadcast(&crew->changed);
		pthread_mutex_unlock(&crew->lock);
	}
	pthread_mutex_unlock(&crew->claiming);
	return number;
}

static void *help(void *argument)
{
	struct crew *crew = argument;
	size_t number;

	while ((number = claim(crew)) != SIZE_MAX) {
		crew->job->work(crew->job->context, batch(crew, number));
		pthread_mutex_lock(&crew->lock);
		crew->done[number % crew->count] = true;
		pthread_cond_broadcast(&crew->changed);
		pthread_mutex_unlock(&crew->lock);
	}
	return NULL;
}

/* Is there another batch to take? Waits until it was worked on. */
static bool wait_for_next(struct crew *crew)
{
	size_t place = crew->taken % crew->count;
	bool ready;

	pthread_mutex_lock(&crew->lock);
	while (!crew->done[place] && !(crew->over && crew->claimed == crew->taken))
		pthread_cond_wait(&crew->changed, &crew->lock);
	ready = crew->done[place];
	pthread_mutex_unlock(&crew->lock);
	return ready;
}

static bool take_all(struct crew *crew)
{
	bool good = true;

	while (good && wait_for_next(crew)) {
		good = crew->job->take(crew->job->context, batch(crew, crew->taken));
		pthread_mutex_lock(&crew->lock);
		crew->done[crew->taken++ % crew->count] = false;
		crew->stopped = !good;
		pthread_cond_broadcast(&crew->changed);
		pthread_mutex_unlock(&crew->lock);
	}
	if (!good && crew->job->stop)
		crew->job->stop(crew->job->context);
	return good;
}

static bool run_alone(const struct crew_job *job, void *one)
{
	while (job->claim(job->context, one)) {
		job->work(job->context, one);
		if (!job->take(job->context, one))
			return false;
	}
	return true;
}

/* Starts up to most threads; signals are the caller's. Gives how many there are. */
static size_t start(struct crew *crew, pthread_t *threads, size_t most)
{
	sigset_t all, before;
	size_t count = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	while (count < most && pthread_create(&threads[count], NULL, help, crew) == 0)
		count++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return count;
}

bool crew_run(const struct crew_job *job, void *batches, size_t count, size_t size)
{
	bool done[2 * HELPERS_MOST] = {false}, good;
	struct crew crew = {.job = job, .batches = batches, .done = done, .count = count, .size = size, .claiming = PTHREAD_MUTEX_INITIALIZER,
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
	pthread_t threads[HELPERS_MOST];
	size_t started;

	if (crew.count > sizeof done / sizeof *done)
		crew.count = sizeof done / sizeof *done;
	started = count > 1 ? start(&crew, threads, helpers()) : 0;
	good = started ? take_all(&crew) : run_alone(job, batches);
	while (started)
		pthread_join(threads[--started], NULL);
	pthread_cond_destroy(&crew.changed);
	pthread_mutex_destroy(&crew.lock);
	pthread_mutex_destroy(&crew.claiming);
	return good;
}
