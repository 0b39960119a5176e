/*
 * Compact JWS (RFC 7515 section 3.1) with RS256, RS384, RS512, ES256, ES384, ES512 (RFC 7518 section 3).
 */
#ifndef JWS_H
#define JWS_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/*
 * Appends header.payload.signature. header and payload are JSON; header's alg must be algorithm, which
 * must fit the key. An EC signature is raw R || S, each as long as the curve's order (RFC 7518 section
 * 3.4). False, with the buffer as it was, after a message.
 */
bool jws_add(struct buffer *jwt, EVP_PKEY *pkey, const char *algorithm, struct slice header, struct slice payload);

#endif
