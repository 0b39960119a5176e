#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "difference.h"
#include "exit_status.h"
#include "format.h"
#include "format_provider.h"
#include "guard.h"
#include "message.h"
#include "output.h"
#include "publish.h"
#include "published.h"
#include "settings.h"
#include "summary.h"

/* What a delta removes: what went, and what has another name now. */
static void add_removed(const struct difference *d, const char *location_key, struct buffer *text)
{
	buffer_add_string(text, d->new_count ? "\n],\"removed\":[" : "],\"removed\":[");
	for (size_t i = 0; i < d->removed_count + d->renamed_count; i++) {
		buffer_add_string(text, i ? ",\n" : "\n");
		format_removed(i < d->removed_count ? d->removed[i] : d->renamed[i - d->removed_count].from, location_key, text);
	}
}

/* All documents, in order; of a delta, those that are new or other. */
static bool write_documents(struct catalog *catalog, const struct difference *d, enum format format, struct output *output)
{
	struct buffer text = BUFFER_EMPTY, document = BUFFER_EMPTY;
	size_t count = format == FORMAT_DELTA ? d->new_count : catalog->count;
	bool good;

	format_head(format, catalog->id, catalog->org, &text);
	good = output_write(output, text.data, text.length);
	for (size_t i = 0; good && i < count; i++) {
		buffer_clear(&text);
		if (i)
			format_between(format, &text);
		good = output_write(output, text.data, text.length)
			&& catalog_document(catalog, format == FORMAT_DELTA ? d->new[i] : &catalog->rows[i], format, &document)
			&& output_write(output, document.data, document.length);
	}
	buffer_clear(&text);
	if (format == FORMAT_DELTA)
		add_removed(d, catalog->location_key, &text);
	format_tail(format, format == FORMAT_DELTA ? d->removed_count + d->renamed_count > 0 : count > 0, &text);
	good = good && output_write(output, text.data, text.length);
	buffer_free(&text);
	buffer_free(&document);
	return good;
}

/* A base that this program did not write, or of another id or org, is not replaced by mistake. */
static int check_base(const struct settings *settings, const struct catalog *catalog, const struct published *published, int read_status)
{
	if (settings->force)
		return STATUS_OK;
	if (read_status)
		return fail(STATUS_DATA, "%s: not written by catalog-emit in this format: move it away, or replace it with --force", settings->base);
	if (published->id && catalog->id && strcmp(published->id, catalog->id) != 0)
		return fail(STATUS_DATA, "%s: is the catalog of provider %s, this is %s: give it another file, or replace it with --force",
			settings->base, published->id, catalog->id);
	if (published->org && catalog->org && strcmp(published->org, catalog->org) != 0)
		return fail(STATUS_DATA, "%s: is the catalog of the org %s, this is %s: give it another file, or replace it with --force",
			settings->base, published->org, catalog->org);
	return STATUS_OK;
}

static int publish(const struct settings *settings, struct catalog *catalog, const struct difference *difference, bool *same)
{
	struct publication publication;
	struct output *output;
	int status;

	*same = false;
	if (!settings->output) {
		output = output_open(STDOUT_FILENO, "standard output");
		status = write_documents(catalog, difference, (enum format)settings->format, output) ? STATUS_OK : STATUS_IO;
		return output_close(output) ? STATUS_IO : status;
	}
	status = publication_begin(&publication, settings->output);
	if (!status && !write_documents(catalog, difference, (enum format)settings->format, publication.output))
		status = STATUS_IO;
	if (!status)
		status = publication_commit(&publication, same);
	publication_end(&publication);
	return status;
}

static int emit(const struct settings *settings, struct catalog *catalog, struct published *published)
{
	/* A delta says what is other than in a mutation. */
	enum format base_format = settings->format == FORMAT_DELTA ? FORMAT_MUTATION : (enum format)settings->format;
	int read_status = published_read(published, settings->base, base_format), status;
	struct difference difference = {0};
	bool same = false;

	if (read_status && !published->exists)
		return read_status;
	status = catalog_read(catalog, settings, published);
	if (!status)
		status = check_base(settings, catalog, published, read_status);
	if (!status && !difference_find(&difference, catalog, published, base_format))
		status = STATUS_IO;
	if (!status)
		status = guard_check(settings, catalog, published, &difference);
	if (!status)
		status = publish(settings, catalog, &difference, &same);
	if (!status && settings->base)
		summary_print(catalog, published, &difference, same || (published->exists && !difference.added_count
			&& !difference.changed_count && !difference.renamed_count && !difference.removed_count));
	if (!status || status == STATUS_GUARD) {
		int written = summary_write(settings, catalog, published, &difference, status);

		status = status ? status : written;
	}
	difference_free(&difference);
	return status;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct published published;
	struct catalog catalog;
	int status;

	message_program("catalog-emit");
	output_claim_descriptors();
	output_default_sigpipe();
	memset(&published, 0, sizeof published);
	memset(&catalog, 0, sizeof catalog);
	catalog.spool.fd = -1;
	status = settings_read(&settings, argc, argv);
	if (status == OPTIONS_GO_ON) {
		status = emit(&settings, &catalog, &published);
		catalog_free(&catalog);
		published_free(&published);
	}
	return status;
}
