/*
 * The three curves that JWS signs with (RFC 7518 section 3.4), under all their names.
 */
#ifndef EC_CURVE_H
#define EC_CURVE_H

#include <openssl/evp.h>
#include <stddef.h>

#include "slice.h"

struct ec_curve {
	const char *group;     /* OpenSSL: "prime256v1" */
	const char *crv;       /* JWK: "P-256" */
	const char *algorithm; /* JWS: "ES256" */
	size_t size;           /* bytes of a coordinate, and of R and S */
};

enum { EC_CURVE_SIZE_LIMIT = 66 };

/* By a JWK's crv, or of an EC key; NULL for another curve, and for a key that has none. */
const struct ec_curve *ec_curve_of_crv(struct slice crv);
const struct ec_curve *ec_curve_of_key(const EVP_PKEY *pkey);

#endif
