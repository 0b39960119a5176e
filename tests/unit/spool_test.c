/* A spool that fails while several threads read it. */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "spool.h"

enum { THREADS = 8, BYTES = 1000 };

static void *read_all(void *argument)
{
	struct buffer bytes = BUFFER_EMPTY;
	bool good = spool_read(argument, 0, BYTES, &bytes);

	buffer_free(&bytes);
	return good ? argument : NULL;
}

/* What read_all says on standard error in THREADS threads; fails if one of them read something. */
static void read_at_once(struct spool *spool, char *said, size_t size)
{
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO);
	pthread_t threads[THREADS];
	void *read;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_all, spool), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &read), 0);
		assert_null(read);
	}
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(file);
	said[fread(said, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void test_a_failure_is_told_of_once(void **state)
{
	char bytes[BYTES] = "", said[4096];
	struct spool spool;
	uint64_t offset;

	(void)state;
	assert_true(spool_open(&spool));
	assert_true(spool_add(&spool, bytes, sizeof bytes, &offset) && spool_settle(&spool));
	assert_int_equal(ftruncate(spool.fd, BYTES / 2), 0);
	read_at_once(&spool, said, sizeof said);
	assert_int_equal(spool_status(&spool), STATUS_IO);
	assert_non_null(strstr(said, "cannot be read: it was cut off\n"));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	spool_close(&spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_failure_is_told_of_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
