#include "pieces.h"

#include <string.h>

void pieces_clear(struct pieces *pieces)
{
	buffer_clear(&pieces->bytes);
	pieces->first = 0;
	pieces->last = -1;
}

/* The pieces up to this one end where the bytes end. */
static void end_before(struct pieces *pieces, int piece)
{
	while (pieces->last < piece) {
		if (pieces->last >= 0)
			pieces->end[pieces->last] = (uint32_t)pieces->bytes.length;
		pieces->last++;
	}
}

void pieces_begin(struct pieces *pieces, enum piece piece)
{
	end_before(pieces, (int)piece);
}

struct slice pieces_get(const struct pieces *pieces, enum piece piece)
{
	uint32_t start = piece ? pieces->end[piece - 1] : pieces->first;

	return slice_of(pieces->bytes.data + start, pieces->end[piece] - start);
}

bool pieces_store(struct pieces *pieces, struct spool *spool, struct party *party)
{
	uint64_t behind;

	end_before(pieces, PIECE_COUNT);
	party->spooled_length = (uint32_t)pieces->bytes.length;
	return spool_add(spool, pieces->end, sizeof pieces->end, &party->spooled)
		&& spool_add(spool, pieces->bytes.data, pieces->bytes.length, &behind);
}

bool pieces_load(struct pieces *pieces, struct spool *spool, const struct party *party)
{
	if (!spool_read(spool, party->spooled, sizeof pieces->end + party->spooled_length, &pieces->bytes))
		return false;
	memcpy(pieces->end, pieces->bytes.data, sizeof pieces->end);
	/* In the buffer the pieces stand behind their ends. */
	pieces->first = sizeof pieces->end;
	for (int i = 0; i < PIECE_COUNT; i++)
		pieces->end[i] += (uint32_t)sizeof pieces->end;
	return true;
}

void pieces_free(struct pieces *pieces)
{
	buffer_free(&pieces->bytes);
}
