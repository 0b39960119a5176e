#include "name_book.h"

#include <stdlib.h>
#include <strings.h>

#include "directory.h"
#include "early.h"
#include "memory.h"

enum { FIRST_SIZE = 1024 };

/* Of the name in lower case. */
static uint64_t hash_of(const char *name)
{
	uint64_t words[8] = {0};
	size_t length = strlen(name);

	if (length > sizeof words)
		length = sizeof words;
	memcpy(words, name, length);
	/* Names have no letters but ASCII's, and this bit is set in digits and - and . anyway; _ becomes DEL, which is in no name. */
	for (size_t i = 0; i * 8 < length; i++)
		words[i] |= UINT64_C(0x2020202020202020);
	return id_hash(slice_of((const char *)words, length));
}

const char *name_book_name(const struct parties *parties, uint32_t holder)
{
	return holder & HELD ? parties->book.held[holder & ~HELD].name : parties->at[holder].name;
}

uint32_t name_book_party(const struct parties *parties, uint32_t holder)
{
	return holder & HELD ? parties->book.held[holder & ~HELD].number : holder;
}

/* The slot that has the name, or the empty one where it would go. */
static size_t slot_of(const struct parties *parties, const char *name, uint64_t hash)
{
	const struct name_book *book = &parties->book;
	size_t i = hash & (book->size - 1);

	for (; book->slots[i]; i = (i + 1) & (book->size - 1))
		if (book->slots[i] >> 32 == hash >> 32 && strcasecmp(name, name_book_name(parties, (uint32_t)book->slots[i] - 1)) == 0)
			break;
	return i;
}

static void grow(struct parties *parties, size_t size)
{
	struct name_book *book = &parties->book;
	uint64_t *old = book->slots;
	size_t old_size = book->size;

	book->size = size;
	book->slots = memory_alloc(book->size * sizeof *book->slots);
	for (size_t i = 0; i < old_size; i++)
		if (old[i]) {
			const char *name = name_book_name(parties, (uint32_t)old[i] - 1);

			book->slots[slot_of(parties, name, hash_of(name))] = old[i];
		}
	free(old);
}

void name_book_reserve(struct parties *parties, size_t more)
{
	const struct name_book *book = &parties->book;
	size_t size = book->size ? book->size : FIRST_SIZE;

	while (book->count + more > size / 16 * 13)
		size *= 2;
	if (size > book->size)
		grow(parties, size);
}

void name_book_expect(const struct parties *parties, uint32_t number)
{
	early(&parties->book.slots[hash_of(parties->at[number].name) & (parties->book.size - 1)]);
}

uint32_t name_book_find(const struct parties *parties, const char *name)
{
	const struct name_book *book = &parties->book;
	size_t slot;
	uint32_t holder;

	if (!book->size)
		return NO_HOLDER;
	slot = slot_of(parties, name, hash_of(name));
	if (!book->slots[slot])
		return NO_HOLDER;
	holder = (uint32_t)book->slots[slot] - 1;
	return holder & HELD && book->held[holder & ~HELD].over ? NO_HOLDER : holder;
}

uint32_t name_book_claim(struct parties *parties, uint32_t number)
{
	struct name_book *book = &parties->book;
	const char *name = parties->at[number].name;
	uint64_t hash = hash_of(name);
	size_t slot;

	name_book_reserve(parties, 1);
	slot = slot_of(parties, name, hash);
	if (book->slots[slot]) {
		uint32_t holder = (uint32_t)book->slots[slot] - 1;

		if (!(holder & HELD) || !book->held[holder & ~HELD].over)
			return holder;
		book->count--;
	}
	book->count++;
	book->slots[slot] = (hash & ~UINT64_C(0xffffffff)) | ((uint64_t)number + 1);
	return NO_HOLDER;
}

void name_book_enter(struct parties *parties, uint32_t holder)
{
	struct name_book *book = &parties->book;
	const char *name = name_book_name(parties, holder);
	uint64_t hash = hash_of(name);
	size_t slot;

	name_book_reserve(parties, 1);
	slot = slot_of(parties, name, hash);
	book->count += !book->slots[slot];
	book->slots[slot] = (hash & ~UINT64_C(0xffffffff)) | ((uint64_t)holder + 1);
}

void name_book_hold(struct parties *parties, struct held_name held)
{
	struct name_book *book = &parties->book;

	if (book->held_count == book->held_capacity) {
		book->held_capacity = book->held_capacity ? book->held_capacity * 2 : 64;
		book->held = memory_resize(book->held, book->held_capacity, sizeof *book->held);
	}
	book->held[book->held_count] = held;
	name_book_enter(parties, book->held_count++ | HELD);
}

void name_book_close(struct name_book *book)
{
	free(book->slots);
	book->slots = NULL;
	book->size = book->count = 0;
}

void name_book_free(struct name_book *book)
{
	name_book_close(book);
	free(book->held);
	memset(book, 0, sizeof *book);
}
