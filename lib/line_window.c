#include "line_window.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "message.h"

enum { BLOCK = 256 * 1024 };

static bool failed(struct line_window *window)
{
	window->status = fail(STATUS_DATA, "%s: cannot be read: %s",
		window->path, strerror(errno));
	return false;
}

bool line_window_open(struct line_window *window, const char *path)
{
	line_window_close(window);
	window->path = path;
	window->at_end = false;
	window->next = 0;
	buffer_clear(&window->bytes);
	window->fd = open(path, O_RDONLY | O_CLOEXEC);
	return window->fd >= 0 || failed(window);
}

/* Reads another block, or finds the end or an error. */
static void fill(struct line_window *window)
{
	ssize_t n;

	buffer_remove_front(&window->bytes, window->next);
	window->next = 0;
	buffer_reserve(&window->bytes, BLOCK);
	do
		n = read(window->fd, window->bytes.data + window->bytes.length, BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		failed(window);
	if (n <= 0)
		window->at_end = true;
	else
		buffer_filled(&window->bytes, (size_t)n);
}

bool line_window_take(struct line_window *window, const char *separator, struct slice *lines)
{
	size_t wanted = strlen(separator), scanned = 0;

	for (;;) {
		const char *start = window->bytes.data + window->next, *feed;
		size_t have = window->bytes.length - window->next;

		while (have > scanned && (feed = memchr(start + scanned, '\n', have - scanned)) != NULL) {
			size_t length = (size_t)(feed - start) + 1, rest = have - length;

			if (rest < wanted && !window->at_end)
				break; /* what follows is not known yet */
			scanned = length;
			if (rest == 0 || (rest >= wanted && memcmp(feed + 1, separator, wanted) == 0)) {
				*lines = slice_of(start, length);
				window->next += length;
				return true;
			}
		}
		if (!window->at_end) {
			fill(window);
			continue;
		}
		*lines = slice_of(start, have);
		window->next += have;
		return have > 0 && !window->status;
	}
}

void line_window_close(struct line_window *window)
{
	if (window->fd >= 0)
		close(window->fd);
	window->fd = -1;
}

void line_window_free(struct line_window *window)
{
	line_window_close(window);
	buffer_free(&window->bytes);
}
