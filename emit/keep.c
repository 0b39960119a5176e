#include "keep.h"

#include "exit_status.h"
#include "message.h"

static bool can_keep(const struct settings *settings, const struct published_document *document)
{
	bool as_yaml = settings->format == FORMAT_YAML || settings->format == FORMAT_YAML_FLOW;

	/* A delta says nothing of what stays. */
	return document->json.data || as_yaml || settings->format == FORMAT_DELTA;
}

static int report_invalid(struct catalog *catalog, const struct settings *settings)
{
	struct buffer place = BUFFER_EMPTY;
	int status = STATUS_OK;

	for (size_t i = 0; !status && i < catalog->count; i++) {
		const char *reason;

		if (catalog->rows[i].state != ROW_INVALID)
			continue;
		buffer_clear(&place);
		catalog_place(settings, &catalog->rows[i], &place);
		reason = catalog_reason(catalog, &catalog->rows[i]);
		if (!reason)
			status = STATUS_IO;
		else
			warn("%s: %s: Backstage would refuse it: %s: %s", buffer_string(&place), catalog->rows[i].ref, reason,
				catalog->rows[i].kept ? "its last published form stays" : "left out");
	}
	buffer_free(&place);
	return status;
}

/* Marks the invalid rows whose document is in the base. */
static int find_last(struct catalog *catalog, const struct settings *settings, struct published *published)
{
	struct published_document document;
	size_t hint = 0;

	while (published_next(published, &document)) {
		struct catalog_row *row = catalog_find(catalog, document.ref, (unsigned)settings->parts, &hint);

		if (row && row->state == ROW_INVALID && can_keep(settings, &document))
			row->kept = true;
	}
	return published_rewind(published);
}

static int keep_last(struct catalog *catalog, const struct settings *settings, struct published *published)
{
	struct published_document document;
	size_t hint = 0;

	while (published_next(published, &document)) {
		struct catalog_row *row = catalog_find(catalog, document.ref, (unsigned)settings->parts, &hint);

		if (row && row->state == ROW_INVALID && row->kept && !catalog_keep(catalog, row, document.bytes, document.json, document.okta_id))
			return STATUS_IO;
	}
	return published_rewind(published);
}

int keep_invalid(struct catalog *catalog, const struct settings *settings, struct published *published)
{
	int status = STATUS_OK;

	if (catalog->invalid > catalog->nameless) {
		status = find_last(catalog, settings, published);
		if (!status)
			status = report_invalid(catalog, settings);
		if (!status)
			status = keep_last(catalog, settings, published);
	}
	return !status && !catalog_leave_out(catalog) ? STATUS_IO : status;
}
