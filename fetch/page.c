#include "page.h"

void page_reset(struct page *page)
{
	buffer_free(&page->partial);
	page->partial.limit = PAGE_OBJECT_LIMIT;
	page->depth = 0;
	page->opened = page->closed = page->in_string = page->escaped = page->comma = page->any = false;
	page->wrong = NULL;
}

void page_free(struct page *page)
{
	buffer_free(&page->partial);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Takes the bytes between objects; false when something does not belong there. */
static bool between(struct page *page, char c)
{
	if (is_blank(c))
		return true;
	if (!page->opened && c == '[')
		return page->opened = true;
	if (page->closed) {
		page->wrong = "something behind the list's end";
		return false;
	}
	if (page->opened && c == ']' && !page->comma)
		return page->closed = true;
	if (page->opened && c == ',' && page->any && !page->comma)
		return page->comma = true;
	if (page->opened && c == '{' && (page->comma || !page->any)) {
		page->any = true;
		page->comma = false;
		page->depth = 1;
		return true;
	}
	page->wrong = "the answer is no list of objects";
	return false;
}

/* Scans an object's bytes; gives how many of them belong to it. Its grammar is checked when it is whole. */
static size_t scan(struct page *page, const char *bytes, size_t length)
{
	size_t i = 0;

	while (i < length && page->depth) {
		char c = bytes[i++];

		if (page->escaped)
			page->escaped = false;
		else if (page->in_string) {
			page->escaped = c == '\\';
			page->in_string = c != '"';
		} else if (c == '"')
			page->in_string = true;
		else if (c == '{' || c == '[')
			page->depth++;
		else if (c == '}' || c == ']')
			page->depth--;
	}
	return i;
}

bool page_add(struct page *page, const char *bytes, size_t length)
{
	size_t i = 0;

	while (i < length && !page->wrong) {
		size_t start = i;

		if (!page->depth) {
			if (!between(page, bytes[i++]) || !page->depth)
				continue;
			start = i - 1;
		}
		i += scan(page, bytes + i, length - i);
		if (!page->depth && !page->partial.length) {
			page->wrong = page->object(page->owner, slice_of(bytes + start, i - start));
			continue;
		}
		if (!buffer_add(&page->partial, bytes + start, i - start))
			page->wrong = "an object of more than 4 MiB";
		else if (!page->depth) {
			page->wrong = page->object(page->owner, slice_of(page->partial.data, page->partial.length));
			buffer_clear(&page->partial);
		}
	}
	return !page->wrong;
}

const char *page_judge(const struct page *page)
{
	if (page->wrong)
		return page->wrong;
	if (!page->opened)
		return "an empty answer";
	return page->closed ? NULL : "the list is cut off";
}
