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

struct work {
	const struct settings *settings;
	struct catalog *catalog;
	const struct difference *difference;
	struct publication *publications; /* by file; the index of a split catalog is the last */
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

static int to_standard_output(const struct work *work)
{
	struct output *output = output_open(STDOUT_FILENO, "standard output");
	int status = write_file(work, 0, output) ? STATUS_OK : STATUS_IO;

	return output_close(output) ? STATUS_IO : status;
}

static bool is_index(const struct work *work, size_t number)
{
	return work->settings->parts && number == work->count - 1;
}

/* Writes a part, or the only file, aside. */
static int prepare_file(struct work *work, size_t number, const char *path)
{
	struct publication *publication = &work->publications[number];
	int status;

	if (number < work->difference->files && work->difference->intact[number]) {
		publication_clean(path);
		return STATUS_OK;
	}
	status = publication_begin(publication, path);
	if (!status)
		status = write_file(work, number, publication->output) ? publication_finish(publication) : STATUS_IO;
	return status;
}

static int prepare_index(struct work *work, const char *path)
{
	struct publication *publication = &work->publications[work->count - 1];
	struct buffer text = BUFFER_EMPTY;
	int status = STATUS_OK;

	documents_index(work->settings, work->catalog, &text);
	if (publication_is(path, text.data, text.length)) {
		publication_clean(path);
	} else {
		status = publication_begin(publication, path);
		if (!status)
			status = output_write(publication->output, text.data, text.length) ? publication_finish(publication) : STATUS_IO;
	}
	buffer_free(&text);
	return status;
}

static int prepare(struct work *work, size_t number)
{
	char *path;
	int status;

	if (is_index(work, number))
		return prepare_index(work, work->settings->output);
	if (!work->settings->parts)
		return prepare_file(work, number, work->settings->output);
	path = split_part_path(work->settings->output, (unsigned)number);
	status = prepare_file(work, number, path);
	free(path);
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
static void remove_leftovers(const struct settings *settings)
{
	char *folder = split_folder(settings->output);
	unsigned end = (unsigned)settings->parts;
	bool more = *folder != '\0';

	while (more && end < SPLIT_MOST) {
		char *path = split_part_path(settings->output, end);

		more = published_is_part(path);
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

	*made = !is_there && mkdir(folder, 0755) == 0;
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

int deliver(const struct settings *settings, struct catalog *catalog, const struct difference *difference, struct delivery *delivery)
{
	struct work work = {.settings = settings, .catalog = catalog, .difference = difference};
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
	for (size_t i = 0; !status && i < work.count; i++)
		status = prepare(&work, i);
	if (!status)
		status = place_all(&work);
	if (!status)
		remove_leftovers(settings);
	end_all(&work, delivery);
	if (status && made)
		remove_folder(settings);
	return status;
}
