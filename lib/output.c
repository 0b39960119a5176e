#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"

enum { OUTPUT_BUFFER = 64 * 1024 };

struct output {
	int fd;
	const char *name;
	bool failed;
	size_t length;
	char bytes[OUTPUT_BUFFER];
};

void output_claim_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		/* The lowest free number is taken. Opened the wrong way round, it can only fail. */
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void output_default_sigpipe(void)
{
	struct sigaction action;
	sigset_t set;

	memset(&action, 0, sizeof action);
	action.sa_handler = SIG_DFL;
	sigaction(SIGPIPE, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

struct output *output_open(int fd, const char *name)
{
	struct output *output = memory_alloc(sizeof *output);

	output->fd = fd;
	output->name = name;
	return output;
}

static bool write_all(struct output *output, const char *bytes, size_t length)
{
	while (length && !output->failed) {
		ssize_t n = write(output->fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			output->failed = true;
			fail(STATUS_IO, "%s: cannot be written: %s", output->name, strerror(errno));
			break;
		}
		bytes += n;
		length -= (size_t)n;
	}
	return !output->failed;
}

bool output_flush(struct output *output)
{
	size_t length = output->length;

	output->length = 0;
	return write_all(output, output->bytes, length);
}

bool output_write(struct output *output, const void *bytes, size_t length)
{
	if (length > OUTPUT_BUFFER - output->length && !output_flush(output))
		return false;
	if (length >= OUTPUT_BUFFER)
		return write_all(output, bytes, length);
	if (length)
		memcpy(output->bytes + output->length, bytes, length);
	output->length += length;
	return !output->failed;
}

bool output_string(struct output *output, const char *string)
{
	return output_write(output, string, strlen(string));
}

int output_close(struct output *output)
{
	int status;

	if (!output)
		return STATUS_OK;
	output_flush(output);
	status = output->failed ? STATUS_IO : STATUS_OK;
	free(output);
	return status;
}
