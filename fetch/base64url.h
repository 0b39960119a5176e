/*
 * base64url without padding (RFC 4648 section 5, RFC 7515 section 2).
 */
#ifndef BASE64URL_H
#define BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "slice.h"

/* Appends the bytes' base64url. */
void base64url_encode(struct buffer *text, const void *bytes, size_t length);

/*
 * Appends what text encodes. False, with the buffer as it was, for a byte outside the alphabet, for a
 * length that no bytes have, and for bits behind the last byte that are not zero. Padding is refused.
 */
bool base64url_decode(struct slice text, struct buffer *bytes);

#endif
