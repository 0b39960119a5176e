#include "same_org.h"

#include <string.h>

#include "exit_status.h"
#include "hash_set.h"

static bool is_of(const struct catalog_input *input, const char *id)
{
	return !id || (input->id && strcmp(input->id, id) == 0);
}

const struct catalog_input *same_org_input(const struct catalog *catalog,
	const char *id)
{
	for (size_t i = 0; i < catalog->input_count; i++)
		if (is_of(&catalog->inputs[i], id))
			return &catalog->inputs[i];
	return NULL;
}

/* The Okta ids of the provider's entities, valid or not. */
static bool add_ids(struct catalog *catalog, const char *provider,
	struct hash_set *ids)
{
	for (size_t i = 0; i < catalog->count; i++) {
		const struct catalog_row *row = &catalog->rows[i];
		struct slice id;

		if (!is_of(&catalog->inputs[row->input], provider))
			continue;
		id = catalog_okta_id(catalog, row);
		if (!id.data)
			return false;
		if (id.length)
			hash_set_add(ids, hash_of(id));
	}
	return true;
}

int same_org(struct catalog *catalog, struct published *published, bool *same)
{
	struct published_document document;
	struct hash_set ids = {0};
	int status = STATUS_OK;

	*same = false;
	if (!add_ids(catalog, published->id, &ids))
		status = spool_status(&catalog->spool);
	while (!status && !*same && published_next(published, &document))
		*same = document.okta_id.length
			&& hash_set_has(&ids, hash_of(document.okta_id));
	if (!status)
		status = published_rewind(published);
	hash_set_free(&ids);
	return status;
}
