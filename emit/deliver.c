#include "deliver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "documents.h"
#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "publish.h"
#include "split.h"

enum { AT_ONCE = 32 }; /* parts that are written and not yet known to be on the disk */

struct work {
	const struct settings *settings;
	struct catalog *catalog;
	const struct difference *difference;
	const struct published *published;
	struct publication *publications; /* by file; the index of a split catalog is the last, and its lock holds for all parts */
	size_t count;
};

static bool write_file(const struct work *work, size_t number, struct output *output)
{
	struct documents_file file;
	bool good;

	if (work->settings->format == FORMAT_DELTA)
		return documents_write_delta(work->difference, work->catalog, output);
	documents_file(&file, work->settings, work->catalog, number);
	good = documents_write(&file, (enum format)work->settings->format, work->catalog, output);
	documents_file_free(&file);
	return good;
}

/* What a failed write_file ends with, its message is out. */
static int writing_failed(const struct work *work)
{
	return spool_status(&work->catalog->spool) ? spool_status(&work->catalog->spool) : STATUS_IO;
}

static int to_standard_output(const struct work *work)
{
	struct output *output = output_open(STDOUT_FILENO, "standard output");
	int status = write_file(work, 0, output) ? STATUS_OK : writing_failed(work);

	return output_close(output) ? STATUS_IO : status;
}

/* Everything was judged by the base as it was read: with the lock held, is it still that? 0, or 75 after a message. */
static int check_meanwhile(const struct work *work)
{
	if (!work->settings->base_is_output || !published_changed(work->published))
		return STATUS_OK;
	return fail(STATUS_LATER, "%s: another run published it meanwhile: try again, so that the guard sees what is published now",
		work->settings->output);
}

static bool is_index(const struct work *work, size_t number)
{
	return work->settings->parts && number == work->count - 1;
}

static bool is_intact(const struct work *work, size_t number)
{
	return number < work->difference->files && work->difference->intact[number];
}

/* Writes a part, or the only file, aside; what remains is publication_finish. */
static int write_aside(struct work *work, size_t number, const char *path)
{
	struct publication *publication = &work->publications[number];
	int status;

	if (is_intact(work, number)) {
		publication_clean(path);
		return STATUS_OK;
	}
	status = publication_begin(publication, path);
	if (!status && !work->settings->parts)
		status = check_meanwhile(work);
	if (!status)
		status = write_file(work, number, publication->output) ? publication_written(publication) : writing_failed(work);
	return status;
}

static int prepare_file(struct work *work)
{
	int status = write_aside(work, 0, work->settings->output);

	return status || !work->publications[0].path ? status : publication_finish(&work->publications[0]);
}

static int finish_part(struct publication *publication)
{
	int status = publication->path ? publication_finish(publication) : STATUS_OK;

	if (!status && publication->path)
		publication_unlock(publication);
	return status;
}

/* The disk has some parts at once, while the next are written: waiting for each by itself takes as long as all the rest. */
static int prepare_parts(struct work *work)
{
	size_t parts = work->count - 1;
	int status = STATUS_OK;

	for (size_t i = 0; !status && i < parts + AT_ONCE; i++) {
		char *path = split_part_path(work->settings->output, (unsigned)i);

		if (i < parts)
			status = write_aside(work, i, path);
		if (!status && i >= AT_ONCE && i - AT_ONCE < parts)
			status = finish_part(&work->publications[i - AT_ONCE]);
		free(path);
	}
	return status;
}

/* The index is begun first, for its lock, and is the last in place. */
static int prepare_split(struct work *work)
{
	struct publication *index = &work->publications[work->count - 1];
	struct buffer text = BUFFER_EMPTY;
	bool any = false;
	int status = STATUS_OK;

	documents_index(work->settings, work->catalog, &text);
	for (size_t i = 0; i < work->count - 1; i++)
		any = any || !is_intact(work, i);
	any = any || !publication_is(work->settings->output, text.data, text.length);
	if (any)
		status = publication_begin(index, work->settings->output);
	if (!status && any)
		status = check_meanwhile(work);
	/* What lies beside the parts is another run's as long as that holds the index. */
	if (!status && (any || publication_clean(work->settings->output)))
		status = prepare_parts(work);
	if (!status && any)
		status = output_write(index->output, text.data, text.length) ? publication_finish(index) : STATUS_IO;
	buffer_free(&text);
	return status;
}

static void sync_parts(const struct settings *settings)
{
	char *path = split_part_path(settings->output, 0);

	publication_sync_folder(path);
	free(path);
}

/* The parts first, on the disk, then the index that refers to them. */
static int place_all(struct work *work)
{
	bool any = false;
	int status = STATUS_OK;

	publication_hold_signals(true);
	for (size_t i = 0; !status && i < work->count; i++) {
		struct publication *publication = &work->publications[i];

		if (is_index(work, i) && any)
			sync_parts(work->settings);
		if (publication->path)
			status = publication_place(publication);
		any = any || publication->placed;
	}
	if (!status && any)
		publication_sync_folder(work->settings->output);
	publication_hold_signals(false);
	return status;
}

/* Parts that the index no longer refers to, after a forced change: the last first, so that a crash leaves no gap. */
static void remove_leftovers(const struct work *work)
{
	const struct settings *settings = work->settings;
	char *folder = split_folder(settings->output);
	unsigned end = (unsigned)settings->parts;
	bool more = *folder != '\0' && settings->base_is_output && work->published->exists && !published_folder_is_taken(settings->output);

	while (more && end < SPLIT_MOST) {
		char *path = split_part_path(settings->output, end);

		more = published_is_part(path, work->catalog->id) || published_is_part(path, work->published->id);
		end += more;
		free(path);
	}
	while (end > (unsigned)settings->parts) {
		char *path = split_part_path(settings->output, end - 1);

		end = unlink(path) == 0 ? end - 1 : 0;
		free(path);
	}
	if (*folder && !settings->parts)
		rmdir(folder);
	free(folder);
}

static int make_folder(const struct settings *settings, bool *made)
{
	char *folder = split_folder(settings->output);
	struct stat there;
	bool is_there = stat(folder, &there) == 0;
	int status = STATUS_OK;

	/* For readers such as Backstage, whatever the umask: the parts have 0644, too. */
	*made = !is_there && mkdir(folder, 0755) == 0 && chmod(folder, 0755) == 0;
	if (is_there && !S_ISDIR(there.st_mode))
		errno = ENOTDIR;
	if (is_there ? !S_ISDIR(there.st_mode) : !*made)
		status = fail(STATUS_CREATE, "%s: the folder of the parts cannot be made: %s", folder, strerror(errno));
	free(folder);
	return status;
}

static void remove_folder(const struct settings *settings)
{
	char *folder = split_folder(settings->output);

	rmdir(folder);
	free(folder);
}

static void end_all(struct work *work, struct delivery *delivery)
{
	delivery->files = work->count;
	for (size_t i = 0; i < work->count; i++) {
		delivery->written += work->publications[i].path && work->publications[i].placed && !work->publications[i].same;
		publication_end(&work->publications[i]);
	}
	free(work->publications);
}

int deliver(const struct settings *settings, struct catalog *catalog, const struct published *published,
	const struct difference *difference, struct delivery *delivery)
{
	struct work work = {.settings = settings, .catalog = catalog, .difference = difference, .published = published};
	bool made = false;
	int status = STATUS_OK;

	if (!settings->output) {
		delivery->files = delivery->written = 1;
		return to_standard_output(&work);
	}
	work.count = settings->parts ? (size_t)settings->parts + 1 : 1;
	work.publications = memory_alloc(work.count * sizeof *work.publications);
	if (settings->parts)
		status = make_folder(settings, &made);
	if (!status)
		status = settings->parts ? prepare_split(&work) : prepare_file(&work);
	if (!status)
		status = place_all(&work);
	if (!status)
		remove_leftovers(&work);
	end_all(&work, delivery);
	if (status && made)
		remove_folder(settings);
	return status;
}
