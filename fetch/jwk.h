/*
 * The public half of a key as a JWK (RFC 7517, RFC 7518 section 6): RSA, and EC on P-256, P-384, P-521.
 */
#ifndef JWK_H
#define JWK_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "buffer.h"

/*
 * Appends the JSON object of the required public members, in lexicographic order, without white space:
 * what RFC 7638 hashes, and good as it stands for the header of a DPoP proof (RFC 9449 section 4.2).
 * False after a message for another type of key.
 */
bool jwk_public_add(struct buffer *json, EVP_PKEY *pkey);

/* Appends the key's thumbprint (RFC 7638, SHA-256), base64url. False after a message. */
bool jwk_thumbprint_add(struct buffer *text, EVP_PKEY *pkey);

#endif
