#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"
#include "name_order.h"
#include "output.h"
#include "timestamp.h"

/* What a signal's handler must remove; NULL: nothing. */
static const char *volatile to_remove;

static void on_signal(int number)
{
	const char *path = to_remove;

	if (path)
		unlink(path);
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction action, old;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	action.sa_flags = SA_NODEFER;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

static void add_time(struct buffer *line, const char *name, uint32_t seconds)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(seconds, text);
	buffer_add_format(line, ",\"%s\":\"%s\"", name, text);
}

/* Writes the line of a holder. Whoever left since the last run is marked as such, whoever came is new now. */
static void write_line(struct output *output, struct buffer *line, const struct parties *parties, uint32_t holder, uint32_t now)
{
	uint32_t number = name_book_party(parties, holder);
	const struct party *party = &parties->at[number];
	const struct held_name *held = holder & HELD ? &parties->book.held[holder & ~HELD] : NULL;
	uint32_t since = held ? held->since : party->from_ledger ? party->since : now;

	buffer_clear(line);
	buffer_add_format(line, "{\"kind\":\"%s\",\"name\":\"%s\",\"id\":", *parties->what == 'u' ? "User" : "Group", name_book_name(parties, holder));
	json_string_encode(line, parties_id(parties, number));
	if (since)
		add_time(line, "since", since);
	if (held || !party->line)
		add_time(line, "left", held ? held->left : now);
	buffer_add_string(line, "}\n");
	output_write(output, line->data, line->length);
}

/* Writes all lines of one kind, by name. */
static void write_kind(struct output *output, const struct parties *parties, uint32_t now)
{
	uint32_t most = parties->ids.count + parties->book.held_count, count = 0;
	uint32_t *holders = memory_resize(NULL, most, sizeof *holders);
	struct buffer line = BUFFER_EMPTY;

	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties_has(parties, i) || parties->at[i].from_ledger)
			holders[count++] = i;
	for (uint32_t i = 0; i < parties->book.held_count; i++)
		if (!parties->book.held[i].over)
			holders[count++] = i | HELD;
	name_order_sort(parties, holders, count);
	for (uint32_t i = 0; i < count; i++)
		write_line(output, &line, parties, holders[i], now);
	buffer_free(&line);
	free(holders);
}

/* .NAME.tmp beside it. */
static char *temporary_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0, size = strlen(path) + sizeof "..tmp";
	char *temporary = memory_alloc(size);

	snprintf(temporary, size, "%.*s.%s.tmp", (int)folder, path, path + folder);
	return temporary;
}

int ledger_prepare(struct ledger *ledger, struct directory *directory, uint32_t now)
{
	struct output *output;
	struct stat before;
	int fd, status;

	if (!ledger->path)
		return STATUS_OK;
	/* A link's target is replaced, not the link. */
	ledger->target = realpath(ledger->path, NULL);
	if (!ledger->target)
		ledger->target = memory_copy_string(ledger->path);
	ledger->temporary = temporary_of(ledger->target);
	catch_signals();
	unlink(ledger->temporary);
	to_remove = ledger->temporary;
	fd = open(ledger->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		to_remove = NULL;
		return fail(STATUS_CREATE, "%s: cannot be created: %s", ledger->temporary, strerror(errno));
	}
	output = output_open(fd, ledger->temporary);
	write_kind(output, &directory->groups, now);
	write_kind(output, &directory->users, now);
	status = output_close(output);
	if (!status && ((stat(ledger->target, &before) == 0 && fchmod(fd, before.st_mode & 07777) < 0) || fsync(fd) < 0))
		status = fail(STATUS_IO, "%s: cannot be written: %s", ledger->temporary, strerror(errno));
	close(fd);
	return status;
}

static bool same_content(const char *a, const char *b)
{
	FILE *left = fopen(a, "re"), *right = fopen(b, "re");
	bool same = left && right;
	char one[16384], two[16384];

	for (size_t n = 1; same && n;) {
		n = fread(one, 1, sizeof one, left);
		same = fread(two, 1, sizeof two, right) == n && memcmp(one, two, n) == 0;
	}
	if (left)
		fclose(left);
	if (right)
		fclose(right);
	return same;
}

/* A rename is safe on the disk when its folder is. */
static void sync_folder(const char *path)
{
	char *folder = memory_copy_string(path), *slash = strrchr(folder, '/');
	int fd;

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

int ledger_commit(struct ledger *ledger)
{
	if (!ledger->path || same_content(ledger->temporary, ledger->target))
		return STATUS_OK;
	if (rename(ledger->temporary, ledger->target) < 0)
		return fail(STATUS_IO, "%s: cannot be put in place of %s: %s", ledger->temporary, ledger->target, strerror(errno));
	to_remove = NULL;
	sync_folder(ledger->target);
	return STATUS_OK;
}

void ledger_free(struct ledger *ledger)
{
	if (to_remove)
		unlink(to_remove);
	to_remove = NULL;
	free(ledger->target);
	free(ledger->temporary);
}
