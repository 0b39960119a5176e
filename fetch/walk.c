#include "walk.h"

#include <stdio.h>
#include <stdlib.h>

#include "exit_status.h"
#include "json_cursor.h"
#include "memory.h"
#include "message.h"
#include "page_size.h"

/* A page larger than this is asked for again in smaller ones. */
enum { PAGE_LIMIT = 12 * 1024 * 1024, STALE_LIMIT = 20 };

/* Tells the client how much this walk holds now. */
static void count_bytes(struct walk *walk)
{
	size_t now = walk->bytes.length + walk->page.partial.length;

	walk->client->held = walk->client->held - walk->counted + now;
	walk->counted = now;
}

/* The object's bytes without the line breaks that may stand between its tokens (a string holds none). */
static void add_text(struct walk *walk, struct slice object, struct walk_object *kept)
{
	const char *p = object.data, *end = object.data + object.length;

	kept->text = walk->bytes.length;
	while (p < end) {
		const char *run = p;

		while (p < end && *p != '\n' && *p != '\r')
			p++;
		buffer_add(&walk->bytes, run, (size_t)(p - run));
		p += p < end;
	}
	kept->text_length = walk->bytes.length - kept->text;
}

static const char *read_fields(struct walk *walk, struct slice object, struct walk_fields *fields)
{
	struct json_cursor cursor = json_cursor(object.data, object.length);
	struct slice key, value;

	json_enter_object(&cursor);
	while (json_next_member(&cursor, &key)) {
		struct slice *field = slice_equals(key, "id") ? &fields->id : slice_equals(key, "status") ? &fields->status
			: slice_equals(key, "type") ? &fields->type : NULL;

		if (field && json_peek(&cursor) == JSON_STRING)
			json_string_raw(&cursor, field);
		else
			json_skip(&cursor, &value);
	}
	if (!json_end(&cursor)) {
		snprintf(walk->wrong, sizeof walk->wrong, "%s %.*s: byte %zu: %s", walk->object_name,
			fields->id.data ? (int)fields->id.length : 1, fields->id.data ? fields->id.data : "?",
			cursor.position + 1, cursor.error);
		return walk->wrong;
	}
	if (!fields->id.length) {
		snprintf(walk->wrong, sizeof walk->wrong, "a %s without an id", walk->object_name);
		return walk->wrong;
	}
	return NULL;
}

static const char *on_object(void *owner, struct slice object)
{
	struct walk *walk = owner;
	struct walk_fields fields = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	const char *wrong = read_fields(walk, object, &fields);
	struct walk_object *kept;

	if (wrong)
		return wrong;
	if (walk->count == walk->capacity) {
		walk->capacity = walk->capacity ? walk->capacity * 2 : 64;
		walk->objects = memory_resize(walk->objects, walk->capacity, sizeof *walk->objects);
	}
	kept = &walk->objects[walk->count++];
	*kept = (struct walk_object){walk->bytes.length, fields.id.length, 0, 0,
		slice_equals(fields.type, "BUILT_IN"), slice_equals(fields.status, "DEPROVISIONED")};
	buffer_add(&walk->bytes, fields.id.data, fields.id.length);
	if (walk->keeps(walk->owner, &fields))
		add_text(walk, object, kept);
	return NULL;
}

static int on_body(void *owner, const char *bytes, size_t length)
{
	struct walk *walk = owner;
	bool good;

	if (!client_may_take(walk->client, &walk->request))
		return TRANSPORT_LATER;
	good = page_add(&walk->page, bytes, length);
	if (good && walk->bytes.length > PAGE_LIMIT) {
		walk->page.wrong = "a page of more than 12 MiB";
		good = false;
	}
	count_bytes(walk);
	return good ? TRANSPORT_TAKE : TRANSPORT_STOP;
}

static const char *judge(void *owner)
{
	return page_judge(&((struct walk *)owner)->page);
}

static void restart(void *owner)
{
	struct walk *walk = owner;

	page_reset(&walk->page);
	buffer_free(&walk->bytes);
	walk->count = 0;
	count_bytes(walk);
}

/* False after a message when a page comes again. */
static bool remember(struct walk *walk, const char *url)
{
	if (visited_add(&walk->visited, url))
		return true;
	client_end(walk->client, fail(STATUS_PROTOCOL, "%s: the next page's link leads back to a page that was read already: the list would "
		"never end; try again later", walk->request.what));
	return false;
}

static bool shrink(void *owner)
{
	struct walk *walk = owner;

	if (!page_size_lower(&walk->request.url, walk->page_size))
		return false;
	note("%s: pages of %ld from now on", walk->request.what, *walk->page_size);
	return true;
}

/* What was read already is noticed by the owner, who knows what it has. */
static bool start_over(void *owner)
{
	struct walk *walk = owner;

	if (walk->started_over)
		return false;
	walk->started_over = true;
	visited_clear(&walk->visited);
	visited_add(&walk->visited, walk->first);
	free(walk->request.url);
	walk->request.url = memory_copy_string(walk->first);
	page_size_apply(&walk->request.url, *walk->page_size);
	return true;
}

static void ask(struct walk *walk, char *url)
{
	restart(walk);
	if (remember(walk, url)) {
		page_size_apply(&url, *walk->page_size);
		walk->request.url = url;
		client_send(walk->client, &walk->request);
	} else {
		free(url);
	}
}

/* Okta has had lists whose cursors are always new and whose pages are not. */
static bool goes_in_circles(struct walk *walk, const char *next)
{
	walk->stale = walk->brought_new || walk->started_over ? 0 : walk->stale + 1;
	if (!next || walk->stale < STALE_LIMIT)
		return false;
	client_end(walk->client, fail(STATUS_PROTOCOL, "%s: %d pages in a row held nothing that was not read already: the list would never "
		"end; try again later", walk->request.what, STALE_LIMIT));
	return true;
}

static void done(void *owner, struct outcome outcome)
{
	struct walk *walk = owner;

	walk->last = !outcome.next;
	walk->brought_new = walk->count == 0; /* an empty page may hold what this app must not see */
	if (outcome.status == 200)
		walk->page_done(walk->owner, walk);
	if (goes_in_circles(walk, outcome.next)) {
		free(outcome.next);
		return;
	}
	restart(walk);
	if (!outcome.next) {
		walk->active = false;
		walk->ended(walk->owner, walk, outcome.status);
	} else if (walk->held) {
		walk->next = outcome.next;
	} else {
		ask(walk, outcome.next);
	}
}

void walk_start(struct walk *walk, struct client *client, char *url)
{
	walk->client = client;
	walk->page.object = on_object;
	walk->page.owner = walk;
	walk->request.owner = walk;
	walk->request.body = on_body;
	walk->request.judge = judge;
	walk->request.restart = restart;
	walk->request.done = done;
	walk->request.shrink = shrink;
	walk->request.start_over = start_over;
	walk->active = true;
	walk->started_over = false;
	visited_clear(&walk->visited);
	free(walk->first);
	walk->first = memory_copy_string(url);
	ask(walk, url);
}

void walk_go_on(struct walk *walk)
{
	char *url = walk->next;

	walk->held = false;
	walk->next = NULL;
	if (url)
		ask(walk, url);
}

struct slice walk_id(const struct walk *walk, const struct walk_object *object)
{
	return slice_of(walk->bytes.data + object->id, object->id_length);
}

struct slice walk_text(const struct walk *walk, const struct walk_object *object)
{
	return slice_of(walk->bytes.data + object->text, object->text_length);
}

void walk_free(struct walk *walk)
{
	page_free(&walk->page);
	buffer_free(&walk->bytes);
	free(walk->objects);
	visited_clear(&walk->visited);
	free(walk->next);
	free(walk->first);
	walk->objects = NULL;
	walk->next = walk->first = NULL;
	walk->count = walk->capacity = 0;
}
