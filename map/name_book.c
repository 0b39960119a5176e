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

/* A holder in few bits, never 0. */
static uint32_t code_of(uint32_t holder)
{
	return ((holder & ~HELD) << 1 | holder >> 31) + 1;
}

static uint32_t holder_in(const struct name_book *book, uint32_t slot)
{
	uint32_t code = (slot & book->holder_bits) - 1;

	return code >> 1 | code << 31;
}

static uint32_t make_slot(const struct name_book *book, uint64_t hash, uint32_t holder)
{
	return ((uint32_t)(hash >> 32) & ~book->holder_bits) | code_of(holder);
}

/* The slot that has the name, or the empty one where it would go. */
static size_t slot_of(const struct parties *parties, const char *name, uint64_t hash)
{
	const struct name_book *book = &parties->book;
	uint32_t tag = (uint32_t)(hash >> 32) & ~book->holder_bits;
	size_t i = hash & (book->size - 1);

	for (; book->slots[i]; i = (i + 1) & (book->size - 1))
		if ((book->slots[i] & ~book->holder_bits) == tag && strcasecmp(name, name_book_name(parties, holder_in(book, book->slots[i]))) == 0)
			break;
	return i;
}

/* All slots anew: size of them, and with bits enough for the holders that there are, and may come until there are more slots. */
static void rebuild(struct parties *parties, size_t size)
{
	struct name_book *book = &parties->book, old = *book;
	size_t most = size > parties->ids.count ? size : parties->ids.count;

	most = 2 * (most > book->held_count ? most : book->held_count) + 2;
	book->holder_bits = 1;
	while (book->holder_bits < most && book->holder_bits < UINT32_MAX)
		book->holder_bits = book->holder_bits << 1 | 1;
	book->size = size;
	book->slots = memory_alloc(book->size * sizeof *book->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i]) {
			uint32_t holder = holder_in(&old, old.slots[i]);
			const char *name = name_book_name(parties, holder);
			uint64_t hash = hash_of(name);

			book->slots[slot_of(parties, name, hash)] = make_slot(book, hash, holder);
		}
	free(old.slots);
}

void name_book_reserve(struct parties *parties, size_t more)
{
	const struct name_book *book = &parties->book;
	size_t size = book->size ? book->size : FIRST_SIZE;

	while (book->count + more > size / 16 * 13)
		size *= 2;
	if (size > book->size)
		rebuild(parties, size);
}

/* Room for one more, who is holder. */
static void make_room(struct parties *parties, uint32_t holder)
{
	name_book_reserve(parties, 1);
	if (code_of(holder) > parties->book.holder_bits)
		rebuild(parties, parties->book.size);
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
	holder = holder_in(book, book->slots[slot]);
	return holder & HELD && book->held[holder & ~HELD].over ? NO_HOLDER : holder;
}

uint32_t name_book_claim(struct parties *parties, uint32_t number)
{
	struct name_book *book = &parties->book;
	const char *name = parties->at[number].name;
	uint64_t hash = hash_of(name);
	size_t slot;

	make_room(parties, number);
	slot = slot_of(parties, name, hash);
	if (book->slots[slot]) {
		uint32_t holder = holder_in(book, book->slots[slot]);

		if (!(holder & HELD) || !book->held[holder & ~HELD].over)
			return holder;
		book->count--;
	}
	book->count++;
	book->slots[slot] = make_slot(book, hash, number);
	return NO_HOLDER;
}

void name_book_enter(struct parties *parties, uint32_t holder)
{
	struct name_book *book = &parties->book;
	const char *name = name_book_name(parties, holder);
	uint64_t hash = hash_of(name);
	size_t slot;

	make_room(parties, holder);
	slot = slot_of(parties, name, hash);
	book->count += !book->slots[slot];
	book->slots[slot] = make_slot(book, hash, holder);
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
