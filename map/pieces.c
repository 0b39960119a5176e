#include "pieces.h"

#include <string.h>

/*
 * The record: which pieces there are, a bit each; the length of each, seven bits a byte, the lowest first; their bytes. An e-mail of
 * length 0 is the login again, as most are.
 */

void pieces_clear(struct pieces *pieces)
{
	buffer_clear(&pieces->bytes);
	pieces->last = -1;
}

void pieces_begin(struct pieces *pieces, enum piece piece)
{
	while (pieces->last < (int)piece)
		pieces->start[++pieces->last] = pieces->bytes.length;
}

static size_t length_of(const struct pieces *pieces, int piece)
{
	size_t end = piece < pieces->last ? pieces->start[piece + 1] : pieces->bytes.length;

	return piece <= pieces->last ? end - pieces->start[piece] : 0;
}

static void add_length(struct buffer *record, size_t length)
{
	for (; length > 0x7f; length >>= 7)
		buffer_add_byte(record, (char)(0x80 | (length & 0x7f)));
	buffer_add_byte(record, (char)length);
}

static bool email_is_login(const struct pieces *pieces)
{
	size_t length = length_of(pieces, PIECE_EMAIL);

	return length && length == length_of(pieces, PIECE_LOGIN)
		&& memcmp(pieces->bytes.data + pieces->start[PIECE_EMAIL], pieces->bytes.data + pieces->start[PIECE_LOGIN], length) == 0;
}

bool pieces_store(struct pieces *pieces, struct spool *spool, struct party *party)
{
	bool same = email_is_login(pieces);
	struct buffer *record = &pieces->record;
	unsigned present = 0;

	buffer_clear(record);
	buffer_add_byte(record, 0);
	for (int i = 0; i < PIECE_COUNT; i++)
		if (length_of(pieces, i)) {
			present |= 1u << i;
			add_length(record, same && i == PIECE_EMAIL ? 0 : length_of(pieces, i));
		}
	record->data[0] = (char)present;
	if (same) {
		size_t end = pieces->start[PIECE_EMAIL];

		buffer_add(record, pieces->bytes.data, end);
		end += length_of(pieces, PIECE_EMAIL);
		buffer_add(record, pieces->bytes.data + end, pieces->bytes.length - end);
	} else {
		buffer_add(record, pieces->bytes.data, pieces->bytes.length);
	}
	party->spooled_length = (uint32_t)record->length;
	return spool_add(spool, record->data, record->length, &party->spooled);
}

bool pieces_load(struct pieces *pieces, struct spool *spool, const struct party *party)
{
	struct slice record;
	const unsigned char *p;
	const char *text;
	unsigned present;

	if (!spool_find(spool, party->spooled, party->spooled_length, &pieces->record, &record))
		return false;
	p = (const unsigned char *)record.data;
	present = *p++;
	for (int i = 0; i < PIECE_COUNT; i++) {
		size_t length = 0;

		if (present >> i & 1) {
			for (unsigned shift = 0; ; shift += 7) {
				length |= (size_t)(*p & 0x7f) << shift;
				if (*p++ < 0x80)
					break;
			}
		}
		pieces->found[i].length = length;
	}
	text = (const char *)p;
	for (int i = 0; i < PIECE_COUNT; i++) {
		pieces->found[i].data = text;
		text += pieces->found[i].length;
	}
	if (present >> PIECE_EMAIL & 1 && !pieces->found[PIECE_EMAIL].length)
		pieces->found[PIECE_EMAIL] = pieces->found[PIECE_LOGIN];
	return true;
}

void pieces_free(struct pieces *pieces)
{
	buffer_free(&pieces->bytes);
	buffer_free(&pieces->record);
}
