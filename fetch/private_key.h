/*
 * The app's private key: PEM (PKCS#8 of RFC 5958, PKCS#1 of RFC 8017, SEC1 of RFC 5915) or JWK (RFC
 * 7517), to an EVP_PKEY with the one JWS algorithm that it signs with (RFC 7518 section 3.1).
 */
#ifndef PRIVATE_KEY_H
#define PRIVATE_KEY_H

#include <openssl/evp.h>

#include "slice.h"

struct private_key; /* owns EVP_PKEY, alg, kid */

enum { PRIVATE_KEY_RSA_BITS = 2048 }; /* fewer are refused (RFC 7518 section 3.3) */

/*
 * Parses PEM or JWK text. PEM may have a literal "\n" for each line break, or have lost them, as happens
 * to environment variables. Of a JWK Set the private key whose kid is key_id is taken, or the only one.
 * key_id may be NULL: the JWK's own kid serves. 0 and *key (private_key_free it), or STATUS_CONFIG after
 * a message that says what the text is instead of a key that Okta takes.
 */
int private_key_parse(struct slice text, const char *key_id, struct private_key **key);

/* "RS256", or what a JWK's alg says; "ES256", "ES384", "ES512" by curve. */
const char *private_key_algorithm(const struct private_key *key);

/* kid or NULL (a PEM carries none). */
const char *private_key_id(const struct private_key *key);

/* To sign with; stays the key's. */
EVP_PKEY *private_key_pkey(const struct private_key *key);

void private_key_free(struct private_key *key);

#endif
