#include "crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

/* More would only wait: what is claimed and taken in order is done by one at a time. */
enum { HELPERS_MOST = 4, BATCHES_MOST = 2 * HELPERS_MOST };

/* While those that are claimed hold more, no other is. */
enum { HELD_MOST = 16 * 1024 * 1024 };

struct crew {
	const struct crew_job *job;
	char *batches;
	size_t count, size;
	pthread_mutex_t claiming; /* held while a batch is claimed, which may wait for input */
	pthread_mutex_t lock;     /* of what follows */
	pthread_cond_t changed;
	size_t claimed, taken;    /* so many batches, from the first on */
	size_t held;              /* bytes, by all that are claimed and not taken */
	struct place {
		size_t bytes;
		bool done;            /* worked on, and not taken yet */
	} places[BATCHES_MOST];   /* by batch */
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

static bool has_room(const struct crew *crew)
{
	return crew->claimed == crew->taken || (crew->claimed - crew->taken < crew->count && crew->held <= HELD_MOST);
}

/* Waits until a batch is free, and memory for it; false when no more are to be claimed. */
static bool wait_for_room(struct crew *crew)
{
	bool more;

	pthread_mutex_lock(&crew->lock);
	while (!crew->over && !crew->stopped && !has_room(crew))
		pthread_cond_wait(&crew->changed, &crew->lock);
	more = !crew->over && !crew->stopped;
	pthread_mutex_unlock(&crew->lock);
	return more;
}

/* The number of the batch that was claimed, or SIZE_MAX. */
static size_t claim(struct crew *crew)
{
	size_t number = SIZE_MAX, bytes = 0;

	pthread_mutex_lock(&crew->claiming);
	if (wait_for_room(crew)) {
		bool more = crew->job->claim(crew->job->context, batch(crew, crew->claimed), &bytes);

		pthread_mutex_lock(&crew->lock);
		if (more) {
			number = crew->claimed++;
			crew->places[number % crew->count].bytes = bytes;
			crew->held += bytes;
		} else {
			crew->over = true;
		}
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
		crew->places[number % crew->count].done = true;
		pthread_cond_broadcast(&crew->changed);
		pthread_mutex_unlock(&crew->lock);
	}
	return NULL;
}

/* Is there another batch to take? Waits until it was worked on. */
static bool wait_for_next(struct crew *crew)
{
	const struct place *place = &crew->places[crew->taken % crew->count];
	bool ready;

	pthread_mutex_lock(&crew->lock);
	while (!place->done && !(crew->over && crew->claimed == crew->taken))
		pthread_cond_wait(&crew->changed, &crew->lock);
	ready = place->done;
	pthread_mutex_unlock(&crew->lock);
	return ready;
}

static bool take_all(struct crew *crew)
{
	bool good = true;

	while (good && wait_for_next(crew)) {
		struct place *place = &crew->places[crew->taken % crew->count];

		good = crew->job->take(crew->job->context, batch(crew, crew->taken));
		pthread_mutex_lock(&crew->lock);
		place->done = false;
		crew->held -= place->bytes;
		crew->taken++;
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
	size_t bytes;

	while (job->claim(job->context, one, &bytes)) {
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
	bool good;
	struct crew crew = {.job = job, .batches = batches, .count = count < BATCHES_MOST ? count : BATCHES_MOST, .size = size, .claiming = PTHREAD_MUTEX_INITIALIZER,
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
	pthread_t threads[HELPERS_MOST];
	size_t started;

	started = count > 1 ? start(&crew, threads, helpers()) : 0;
	good = started ? take_all(&crew) : run_alone(job, batches);
	while (started)
		pthread_join(threads[--started], NULL);
	pthread_cond_destroy(&crew.changed);
	pthread_mutex_destroy(&crew.lock);
	pthread_mutex_destroy(&crew.claiming);
	return good;
}
