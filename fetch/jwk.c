#include "jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "base64url.h"
#include "crypto_error.h"
#include "ec_curve.h"

enum { NUMBER_LIMIT = 2048 }; /* bytes: OpenSSL takes RSA up to 16384 bits */

/* Appends a number of the key, big-endian base64url, at least size bytes long. */
static bool add_number(struct buffer *json, EVP_PKEY *pkey, const char *parameter, size_t size)
{
	unsigned char bytes[NUMBER_LIMIT];
	BIGNUM *number = NULL;
	bool good;

	good = EVP_PKEY_get_bn_param(pkey, parameter, &number) && BN_num_bytes(number) <= NUMBER_LIMIT;
	if (good) {
		if ((size_t)BN_num_bytes(number) > size)
			size = (size_t)BN_num_bytes(number);
		good = BN_bn2binpad(number, bytes, (int)size) >= 0;
	}
	if (good)
		base64url_encode(json, bytes, size);
	BN_free(number);
	return good;
}

static bool add_rsa(struct buffer *json, EVP_PKEY *pkey)
{
	buffer_add_string(json, "{\"e\":\"");
	if (!add_number(json, pkey, OSSL_PKEY_PARAM_RSA_E, 1))
		return false;
	buffer_add_string(json, "\",\"kty\":\"RSA\",\"n\":\"");
	if (!add_number(json, pkey, OSSL_PKEY_PARAM_RSA_N, 1))
		return false;
	buffer_add_string(json, "\"}");
	return true;
}

static bool add_ec(struct buffer *json, EVP_PKEY *pkey)
{
	const struct ec_curve *curve = ec_curve_of_key(pkey);

	if (!curve)
		return false;
	buffer_add_format(json, "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"", curve->crv);
	if (!add_number(json, pkey, OSSL_PKEY_PARAM_EC_PUB_X, curve->size))
		return false;
	buffer_add_string(json, "\",\"y\":\"");
	if (!add_number(json, pkey, OSSL_PKEY_PARAM_EC_PUB_Y, curve->size))
		return false;
	buffer_add_string(json, "\"}");
	return true;
}

bool jwk_public_add(struct buffer *json, EVP_PKEY *pkey)
{
	if (EVP_PKEY_is_a(pkey, "RSA") ? add_rsa(json, pkey) : add_ec(json, pkey))
		return true;
	return crypto_failed("writing a public key as JWK");
}

bool jwk_thumbprint_add(struct buffer *text, EVP_PKEY *pkey)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct buffer json = BUFFER_EMPTY;
	size_t length = 0;
	bool good;

	good = jwk_public_add(&json, pkey);
	if (good && !EVP_Q_digest(NULL, "SHA256", NULL, json.data, json.length, digest, &length))
		good = crypto_failed("the thumbprint of a key");
	if (good)
		base64url_encode(text, digest, length);
	buffer_free(&json);
	return good;
}
