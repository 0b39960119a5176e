/*
 * A private JWK or a JWK Set (RFC 7517, RFC 7518 section 6) to an EVP_PKEY.
 */
#ifndef PRIVATE_JWK_H
#define PRIVATE_JWK_H

#include <openssl/evp.h>

#include "slice.h"

struct private_jwk {
	EVP_PKEY *pkey; /* EVP_PKEY_free it */
	char *kid;      /* the JWK's own, or NULL; free() it */
	char *alg;      /* the JWK's own, or NULL; free() it */
};

/*
 * Reads text, which begins with "{". Of a set, the private key whose kid is key_id is taken, or, when
 * key_id is NULL, the only private one. 0 and *jwk, or STATUS_CONFIG after a message.
 */
int private_jwk_parse(struct slice text, const char *key_id, struct private_jwk *jwk);

#endif
