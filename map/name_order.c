#include "name_order.h"

#include <stdlib.h>
#include <strings.h>

#include "crew.h"
#include "early.h"
#include "memory.h"

/* MANY: names that are worth more than one thread; PIECES: what these are cut into. */
enum { CHUNK = 8, SHORT = 12, AHEAD = 16, MANY = 20000, PIECES = 32 };

/* A name's next eight letters beside the holder, so that most comparisons touch nothing else. */
struct item {
	uint64_t chunk;
	uint32_t holder;
};

struct sorting {
	const struct parties *parties;
	uint64_t state; /* of a simple generator: no order of the input makes the sort slow */
};

/* Names that several threads sort: pieces that follow each other in order, but are not in order themselves. */
struct pieces_of_names {
	const struct parties *parties;
	struct item *items;
	const uint32_t *holders;
	size_t ends[PIECES];
	size_t count, next;
};

struct piece_of_names {
	size_t start, end;
};

static const char *name_of(const struct sorting *sorting, const struct item *item)
{
	return name_book_name(sorting->parties, item->holder);
}

/* As a number that compares as the letters do without case; zeros behind a name's end. Names have no letters but ASCII's. */
static uint64_t chunk_of(const char *name)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t chunk = 0, ends, upper;

	/* A name is in an arena, where eight bytes can be read from its NUL on. */
	for (int i = 0; i < CHUNK; i++)
		chunk = chunk << 8 | (unsigned char)name[i];
	ends = (chunk - ones) & ~chunk & tops;
	if (ends) {
		size_t length = strnlen(name, CHUNK);

		chunk = length ? chunk >> 8 * (CHUNK - length) << 8 * (CHUNK - length) : 0;
	}
	/* The top bit of each byte: at least A, and not more than Z. */
	upper = (chunk + ones * (0x80 - 'A')) & ~(chunk + ones * (0x7f - 'Z')) & tops;
	return chunk | upper >> 2;
}

static bool is_before(const struct sorting *sorting, const struct item *a, const struct item *b, size_t depth)
{
	if (a->chunk != b->chunk)
		return a->chunk < b->chunk;
	return a->chunk & 0xff && strcasecmp(name_of(sorting, a) + depth, name_of(sorting, b) + depth) < 0;
}

static void sort_short(const struct sorting *sorting, struct item *items, size_t count, size_t depth)
{
	for (size_t i = 1; i < count; i++) {
		struct item item = items[i];
		size_t k = i;

		for (; k && is_before(sorting, &item, &items[k - 1], depth); k--)
			items[k] = items[k - 1];
		items[k] = item;
	}
}

/* Items with a chunk below the pivot's to the front, above to the end: *low and *high bound those between. */
static void partition(struct item *items, size_t count, uint64_t pivot, size_t *low, size_t *high)
{
	*low = 0;
	*high = count;
	for (size_t i = 0; i < *high;) {
		struct item item = items[i];

		if (item.chunk < pivot) {
			items[i++] = items[*low];
			items[(*low)++] = item;
		} else if (item.chunk > pivot) {
			items[i] = items[--*high];
			items[*high] = item;
		} else {
			i++;
		}
	}
}

/* Quicksort by chunks; those whose chunks are equal go on with the next one. */
static void sort(struct sorting *sorting, struct item *items, size_t count, size_t depth)
{
	while (count > SHORT) {
		size_t low, high;
		uint64_t pivot;

		sorting->state = sorting->state * UINT64_C(6364136223846793005) + 1442695040888963407;
		pivot = items[(sorting->state >> 33) % count].chunk;
		partition(items, count, pivot, &low, &high);
		sort(sorting, items, low, depth);
		sort(sorting, items + high, count - high, depth);
		if (!(pivot & 0xff))
			return;
		items += low;
		count = high - low;
		depth += CHUNK;
		for (size_t i = 0; i < count; i++) {
			if (i + AHEAD < count)
				early(name_of(sorting, &items[i + AHEAD]));
			items[i].chunk = chunk_of(name_of(sorting, &items[i]) + depth);
		}
	}
	sort_short(sorting, items, count, depth);
}

static bool claim_piece(void *context, void *batch, size_t *bytes)
{
	struct pieces_of_names *pieces = context;
	struct piece_of_names *piece = batch;

	if (pieces->next == pieces->count)
		return false;
	piece->start = pieces->next ? pieces->ends[pieces->next - 1] : 0;
	piece->end = pieces->ends[pieces->next++];
	*bytes = 0;
	return true;
}

static void fill_piece(void *context, void *batch)
{
	const struct pieces_of_names *pieces = context;
	const struct piece_of_names *piece = batch;

	for (size_t i = piece->start; i < piece->end; i++) {
		if (i + AHEAD < piece->end)
			early(name_book_name(pieces->parties, pieces->holders[i + AHEAD]));
		pieces->items[i].holder = pieces->holders[i];
		pieces->items[i].chunk = chunk_of(name_book_name(pieces->parties, pieces->holders[i]));
	}
}

static void sort_piece(void *context, void *batch)
{
	const struct pieces_of_names *pieces = context;
	const struct piece_of_names *piece = batch;
	struct sorting sorting = {pieces->parties, 1};

	sort(&sorting, pieces->items + piece->start, piece->end - piece->start, 0);
}

static bool take_piece(void *context, void *batch)
{
	(void)context;
	(void)batch;
	return true;
}

static void work_on(struct pieces_of_names *pieces, void (*work)(void *, void *))
{
	struct crew_job job = {pieces, claim_piece, work, take_piece, NULL};
	struct piece_of_names batches[PIECES];
	size_t count = crew_batches();

	pieces->next = 0;
	crew_run(&job, batches, count < PIECES ? count : PIECES, sizeof *batches);
}

/* Cuts the largest piece in three by one of its names: before, equal in the first letters, behind. */
static void cut_largest(struct pieces_of_names *pieces)
{
	size_t largest = 0, start = 0, size = 0, low, high;

	for (size_t i = 0; i < pieces->count; i++) {
		size_t from = i ? pieces->ends[i - 1] : 0;

		if (pieces->ends[i] - from > size) {
			largest = i;
			start = from;
			size = pieces->ends[i] - from;
		}
	}
	partition(pieces->items + start, size, pieces->items[start + size / 2].chunk, &low, &high);
	memmove(&pieces->ends[largest + 2], &pieces->ends[largest], (pieces->count - largest) * sizeof *pieces->ends);
	pieces->ends[largest] = start + low;
	pieces->ends[largest + 1] = start + high;
	pieces->count += 2;
}

void name_order_sort(const struct parties *parties, uint32_t *holders, uint32_t count)
{
	struct pieces_of_names pieces = {.parties = parties, .holders = holders, .items = memory_resize(NULL, count, sizeof *pieces.items)};

	for (pieces.count = 0; pieces.count < (count < MANY ? 1 : PIECES); pieces.count++)
		pieces.ends[pieces.count] = count < MANY ? count : (pieces.count + 1) * (size_t)count / PIECES;
	work_on(&pieces, fill_piece);
	pieces.count = 1;
	pieces.ends[0] = count;
	while (count >= MANY && pieces.count + 2 <= PIECES)
		cut_largest(&pieces);
	work_on(&pieces, sort_piece);
	for (uint32_t i = 0; i < count; i++)
		holders[i] = pieces.items[i].holder;
	free(pieces.items);
}

uint32_t *name_order(const struct parties *parties)
{
	uint32_t *order = memory_resize(NULL, parties->count, sizeof *order), count = 0;

	for (uint32_t i = 0; i < parties->ids.count; i++)
		if (parties_has(parties, i))
			order[count++] = i;
	name_order_sort(parties, order, count);
	return order;
}
