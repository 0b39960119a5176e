#include "base64url.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "memory.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_encode(struct buffer *text, const void *bytes, size_t length)
{
	const unsigned char *in = bytes;

	for (; length; in += 3) {
		size_t taken = length < 3 ? length : 3;
		unsigned long bits = (unsigned long)in[0] << 16;

		if (taken > 1)
			bits |= (unsigned long)in[1] << 8;
		if (taken > 2)
			bits |= in[2];
		for (size_t i = 0; i <= taken; i++)
			buffer_add_byte(text, alphabet[bits >> (18 - 6 * i) & 63]);
		length -= taken;
	}
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool base64url_decode(struct slice text, struct buffer *bytes)
{
	/* Filled in one piece: a buffer that grows would leave pieces of a key behind. */
	size_t size = text.length / 4 * 3 + 3, length = 0;
	unsigned char *out = memory_alloc(size);
	unsigned long bits = 0;
	unsigned held = 0;
	bool good = text.length % 4 != 1;

	for (size_t i = 0; good && i < text.length; i++) {
		int value = value_of(text.data[i]);

		if (value < 0) {
			good = false;
			break;
		}
		bits = (bits << 6 | (unsigned long)value) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[length++] = (unsigned char)(bits >> held & 0xff);
		}
	}
	good = good && (bits & ((1UL << held) - 1)) == 0 && buffer_add(bytes, out, length);
	OPENSSL_cleanse(out, size);
	free(out);
	return good;
}
