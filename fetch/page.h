/*
 * A page of Okta's: a JSON array of objects, cut into its objects while it arrives (in pieces of any size),
 * byte for byte. What is held is the object that is not yet whole.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/* Okta's users have a few kB; what is held of an answer must stay small. */
enum { PAGE_OBJECT_LIMIT = 4 * 1024 * 1024 };

struct page {
	/* One object, checked to be whole JSON; what is wrong with it, or NULL. */
	const char *(*object)(void *owner, struct slice object);
	void *owner;
	struct buffer partial;
	size_t depth;        /* brackets open in the object being cut; 0: between objects */
	bool opened, closed; /* the array's brackets were seen */
	bool in_string, escaped;
	bool comma;          /* seen, so an object must follow */
	bool any;            /* an object was seen, so a comma must come first */
	const char *wrong;   /* NULL while all is well */
};

/* An empty page, before its first byte; also after a try that failed. */
void page_reset(struct page *page);

/* Takes a piece; false when it cannot be part of a page (page->wrong says why). */
bool page_add(struct page *page, const char *bytes, size_t length);

/* What is wrong with the page now that its last byte has come; NULL: nothing. */
const char *page_judge(const struct page *page);

void page_free(struct page *page);

#endif
