#include "progress.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "buffer.h"
#include "message.h"

static struct {
	bool on, shown;
	double began, drawn;
} state;

static void take_away(void)
{
	if (state.shown && write(STDERR_FILENO, "\r\033[K", 4) < 0)
		state.on = false;
	state.shown = false;
}

void progress_start(int mode)
{
	/* Not among records that go to the same terminal. */
	state.on = mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTO && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO)
		&& message_enabled(MESSAGE_NOTE));
	state.began = monotonic_now();
	message_before(take_away);
}

static size_t terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return columns && atoi(columns) > 20 ? (size_t)atoi(columns) : 80;
}

/* How much is done can be known once all groups are found; users are not counted by Okta. */
static void add_share(struct buffer *line, const struct progress *progress, double seconds)
{
	unsigned long done = progress->org->groups + progress->org->groups_gone, all = progress->groups_found;

	if (!progress->groups_complete || !all)
		return;
	buffer_add_format(line, " (%lu %%", done * 100 / all);
	if (done && done < all && seconds > 2)
		buffer_add_format(line, ", %.0f s left", seconds / (double)done * (double)(all - done));
	buffer_add_byte(line, ')');
}

/* What the run waits for, and why. */
static void add_waiting(struct buffer *line, const struct client *client)
{
	const struct governor_bucket *buckets = client->governor.buckets;
	double now = monotonic_now(), closed = 0;

	for (int i = 0; i < BUCKET_COUNT; i++)
		if (buckets[i].closed_until - now > closed)
			closed = buckets[i].closed_until - now;
	if (closed > 0)
		buffer_add_format(line, ", waiting %.0f s: Okta said too many requests", closed);
	else if (client->governor.waited_from > 0)
		buffer_add_string(line, ", waiting: rate limit");
	else if (client->held + client->unread > client->held_limit)
		buffer_add_string(line, ", waiting for the reader");
}

static void add_limits(struct buffer *line, const struct client *client)
{
	const struct governor_bucket *users = &client->governor.buckets[BUCKET_USERS], *groups = &client->governor.buckets[BUCKET_GROUPS];

	if (users->limit)
		buffer_add_format(line, ", limit left %ld/%ld users", users->remaining, users->limit);
	if (groups->limit)
		buffer_add_format(line, "%s %ld/%ld groups", users->limit ? "," : ", limit left", groups->remaining, groups->limit);
}

void progress_show(const struct progress *progress)
{
	const struct org *org = progress->org;
	struct buffer line = BUFFER_EMPTY;
	double now = monotonic_now();
	size_t width;

	if (!state.on || now - state.drawn < 0.2)
		return;
	state.drawn = now;
	/* On a narrow terminal the end is cut off: what matters most comes first. */
	buffer_add_format(&line, "%lu users, %lu", org->users, org->groups);
	if (progress->groups_complete)
		buffer_add_format(&line, "/%lu", progress->groups_found);
	buffer_add_format(&line, " groups, %lu members", org->memberships);
	add_share(&line, progress, now - state.began);
	add_waiting(&line, &org->client);
	buffer_add_format(&line, ", %lu calls, %u under way", org->client.calls, org->client.under_way_count);
	add_limits(&line, &org->client);
	width = terminal_width() - 1;
	take_away();
	if (write(STDERR_FILENO, line.data, line.length < width ? line.length : width) < 0)
		state.on = false;
	state.shown = true;
	buffer_free(&line);
}

void progress_end(void)
{
	take_away();
	state.on = false;
}
