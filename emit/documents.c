#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crew.h"
#include "difference.h"
#include "format.h"
#include "format_provider.h"
#include "memory.h"
#include "split.h"

/* The first row of a part, or of those behind it. */
static size_t first_row_of(const struct catalog *catalog, size_t part)
{
	size_t low = 0, high = catalog->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (catalog->rows[middle].part < part)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void documents_file(struct documents_file *file, const struct settings *settings, const struct catalog *catalog, size_t number)
{
	enum format format = (enum format)settings->format;
	struct buffer around = BUFFER_EMPTY;
	char split[32] = "";

	memset(file, 0, sizeof *file);
	file->rows = catalog->count;
	if (settings->parts) {
		snprintf(split, sizeof split, "part=%zu/%ld", number, settings->parts);
		file->first_row = first_row_of(catalog, number);
		file->rows = first_row_of(catalog, number + 1) - file->first_row;
	}
	format_head(format, catalog->id, catalog->org, split, &file->head);
	format_between(format, &around);
	file->frame = file->head.length + (file->rows ? (file->rows - 1) * around.length : 0);
	buffer_clear(&around);
	format_tail(format, file->rows > 0, &around);
	file->frame += around.length;
	buffer_free(&around);
}

void documents_file_free(struct documents_file *file)
{
	buffer_free(&file->head);
}

/* A row's document, behind what stands between two. */
static bool write_row(struct catalog *catalog, const struct catalog_row *row, enum format format, bool first, struct output *output,
	struct buffer *document)
{
	struct buffer between = BUFFER_EMPTY;
	bool good = true;

	if (!first) {
		format_between(format, &between);
		good = output_write(output, between.data, between.length);
		buffer_free(&between);
	}
	return good && catalog_document(catalog, row, format, document) && output_write(output, document->data, document->length);
}

/* Rows that are formatted at once: so many, or of so many bytes. */
enum { ROWS_AT_ONCE = 512, BYTES_AT_ONCE = 128 * 1024 };

struct writing {
	const struct documents_file *file;
	enum format format;
	struct catalog *catalog;
	struct output *output;
	size_t next;          /* row of the file */
};

struct row_batch {
	size_t first, end;    /* rows of the file */
	struct catalog_reader reader;
	struct buffer documents;
	bool good;
};

static bool claim_rows(void *context, void *batch, size_t *bytes)
{
	struct writing *writing = context;
	struct row_batch *rows = batch;
	const struct catalog_row *row = &writing->catalog->rows[writing->file->first_row];

	*bytes = 0;
	rows->first = writing->next;
	while (writing->next < writing->file->rows && writing->next - rows->first < ROWS_AT_ONCE && *bytes < BYTES_AT_ONCE)
		*bytes += row[writing->next++].length;
	rows->end = writing->next;
	return rows->first < rows->end;
}

static void format_rows(void *context, void *batch)
{
	struct writing *writing = context;
	struct row_batch *rows = batch;
	const struct catalog_row *row = &writing->catalog->rows[writing->file->first_row];

	rows->good = true;
	buffer_clear(&rows->documents);
	for (size_t i = rows->first; rows->good && i < rows->end; i++) {
		if (i)
			format_between(writing->format, &rows->documents);
		rows->good = catalog_add_document(writing->catalog, &rows->reader, &row[i], writing->format, &rows->documents);
	}
}

static bool write_rows(void *context, void *batch)
{
	struct writing *writing = context;
	struct row_batch *rows = batch;

	bool good = rows->good && output_write(writing->output, rows->documents.data, rows->documents.length);

	buffer_forget(&rows->documents, 8 * BYTES_AT_ONCE);
	buffer_forget(&rows->reader.window, 8 * BYTES_AT_ONCE);
	return good;
}

bool documents_write(const struct documents_file *file, enum format format, struct catalog *catalog, struct output *output)
{
	struct writing writing = {file, format, catalog, output, 0};
	struct crew_job job = {&writing, claim_rows, format_rows, write_rows, NULL};
	struct buffer tail = BUFFER_EMPTY;
	size_t count = file->rows > ROWS_AT_ONCE ? crew_batches() : 1;
	struct row_batch *batches = memory_alloc(count * sizeof *batches);
	bool good = output_write(output, file->head.data, file->head.length) && spool_settle(&catalog->spool)
		&& crew_run(&job, batches, count, sizeof *batches);

	for (size_t i = 0; i < count; i++) {
		buffer_free(&batches[i].reader.window);
		buffer_free(&batches[i].documents);
	}
	free(batches);
	format_tail(format, file->rows > 0, &tail);
	good = good && output_write(output, tail.data, tail.length);
	buffer_free(&tail);
	return good;
}

void documents_index(const struct settings *settings, const struct catalog *catalog, struct buffer *text)
{
	struct buffer json = BUFFER_EMPTY;
	struct format_entity entity = {.ref = {NULL, 0}};
	char split[32];

	snprintf(split, sizeof split, "split=%ld", settings->parts);
	format_head((enum format)settings->format, catalog->id, catalog->org, split, text);
	split_index_entity(settings->output, catalog->id, (unsigned)settings->parts, &json);
	entity.json = slice_of(json.data, json.length);
	entity.ref = slice_of_string("index");
	format_document((enum format)settings->format, &entity, text);
	buffer_free(&json);
}

static bool write_ref(const char *ref, const char *location_key, bool *first, struct output *output)
{
	struct buffer text = BUFFER_EMPTY;
	bool good;

	if (!*first)
		format_between(FORMAT_DELTA, &text);
	*first = false;
	format_removed(slice_of_string(ref), location_key, &text);
	good = output_write(output, text.data, text.length);
	buffer_free(&text);
	return good;
}

/* What went, and what has another name now, unless somebody else has the old one. */
static bool write_removed(const struct difference *d, const char *location_key, bool any_added, struct output *output)
{
	struct buffer tail = BUFFER_EMPTY;
	bool good = output_string(output, any_added ? "\n],\"removed\":[\n" : "],\"removed\":[\n"), first = true;

	for (size_t i = 0; good && i < d->removed_count; i++)
		good = write_ref(d->removed[i].ref, location_key, &first, output);
	for (size_t i = 0; good && i < d->renamed_count; i++)
		good = d->renamed[i].taken_over || write_ref(d->renamed[i].ref,
			location_key, &first, output);
	format_tail(FORMAT_DELTA, !first, &tail);
	good = good && output_write(output, tail.data, tail.length);
	buffer_free(&tail);
	return good;
}

bool documents_write_delta(const struct difference *difference, struct catalog *catalog, struct output *output)
{
	struct buffer document = BUFFER_EMPTY;
	bool good, first = true;

	format_head(FORMAT_DELTA, NULL, NULL, NULL, &document);
	good = output_write(output, document.data, document.length);
	for (size_t i = 0; good && i < catalog->count; i++) {
		if (catalog->rows[i].state == ROW_SAME)
			continue;
		good = write_row(catalog, &catalog->rows[i], FORMAT_DELTA, first, output, &document);
		first = false;
	}
	buffer_free(&document);
	return good && write_removed(difference, catalog->location_key, !first, output);
}
