#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "message.h"
#include "output.h"

void stream_add(struct stream *stream, const void *lines, size_t length)
{
	if (stream->taken && stream->taken >= stream->waiting.length / 2) {
		buffer_remove_front(&stream->waiting, stream->taken);
		stream->taken = 0;
	}
	buffer_add(&stream->waiting, lines, length);
}

void stream_add_string(struct stream *stream, const char *text)
{
	stream_add(stream, text, strlen(text));
}

void stream_add_first(struct stream *stream, const struct buffer *line)
{
	struct buffer rest = stream->waiting;

	stream->waiting = (struct buffer)BUFFER_EMPTY;
	buffer_add(&stream->waiting, line->data, line->length);
	buffer_add(&stream->waiting, rest.data, rest.length);
	buffer_free(&rest);
}

size_t stream_waiting(const struct stream *stream)
{
	return stream->waiting.length - stream->taken;
}

/* The program's sockets need SIGPIPE ignored; a reader that left must end it all the same, in silence. */
static void reader_gone(void)
{
	output_default_sigpipe();
	raise(SIGPIPE);
}

static bool write_failed(struct stream *stream)
{
	stream->failed = true;
	fail(STATUS_IO, "standard output: cannot be written: %s", strerror(errno));
	return false;
}

bool stream_watch(struct stream *stream)
{
	struct pollfd output = {STDOUT_FILENO, 0, 0};

	if (poll(&output, 1, 0) > 0 && output.revents & POLLERR)
		reader_gone();
	return !stream->failed;
}

/* A pipe that poll calls writable takes PIPE_BUF bytes without blocking (POSIX, write()). */
static bool write_some(struct stream *stream, int timeout)
{
	struct pollfd output = {STDOUT_FILENO, POLLOUT, 0};

	while (!stream->failed && stream_waiting(stream) && poll(&output, 1, timeout) > 0) {
		size_t length = stream_waiting(stream);
		ssize_t n;

		if (output.revents & POLLERR)
			reader_gone();
		n = write(STDOUT_FILENO, stream->waiting.data + stream->taken, length < PIPE_BUF ? length : PIPE_BUF);
		if (n < 0 && errno == EPIPE)
			reader_gone();
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return write_failed(stream);
		if (n > 0)
			stream->taken += (size_t)n;
	}
	if (!stream_waiting(stream)) {
		buffer_free(&stream->waiting);
		stream->taken = 0;
	}
	return stream_watch(stream);
}

bool stream_write(struct stream *stream)
{
	return write_some(stream, 0);
}

bool stream_finish(struct stream *stream)
{
	while (stream_waiting(stream))
		if (!write_some(stream, -1))
			return false;
	return !stream->failed;
}

void stream_free(struct stream *stream)
{
	buffer_free(&stream->waiting);
}
