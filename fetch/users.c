#include "users.h"

#include "exit_status.h"
#include "message.h"
#include "search.h"

/* Okta's highest page size for /users. */
#define USERS_PATH "/api/v1/users?limit=200"

static bool keeps(void *owner, const struct walk_fields *fields)
{
	(void)owner;
	/* A search finds deactivated users, too; the plain list does not. */
	return !slice_equals(fields->status, "DEPROVISIONED");
}

static void page_done(void *owner, struct walk *walk)
{
	struct users *users = owner;

	for (size_t i = 0; i < walk->count; i++)
		if (!walk->objects[i].text_length || org_add_user(users->org, walk_id(walk, &walk->objects[i]), walk_text(walk, &walk->objects[i])))
			walk->brought_new = true;
}

static void ended(void *owner, struct walk *walk, long status)
{
	struct org *org = ((struct users *)owner)->org;

	(void)walk;
	(void)status;
	if (org->users)
		return;
	if (org->settings->user_search)
		client_end(&org->client, fail(STATUS_CONFIG, "the user search finds nobody: %s", org->settings->user_search));
	else
		client_end(&org->client, fail(STATUS_REFUSED, "Okta shows this app no users: " ORG_ROLE_HINT));
}

void users_start(struct users *users, struct org *org)
{
	users->org = org;
	users->walk.owner = users;
	users->walk.object_name = "user";
	users->walk.keeps = keeps;
	users->walk.page_done = page_done;
	users->walk.ended = ended;
	users->walk.request.what = "the list of users";
	users->walk.request.bucket = BUCKET_USERS;
	users->walk.request.header = ORG_USER_LIST_HEADER;
	users->walk.request.urgent = true;
	users->walk.page_size = &org->users_page;
	walk_start(&users->walk, &org->client, search_url(org->settings->origin, USERS_PATH, org->settings->user_search));
}
