#include "jws.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <stdlib.h>

#include "base64url.h"
#include "crypto_error.h"
#include "ec_curve.h"
#include "memory.h"

/* The algorithm's hash: the digits behind "RS" and "ES" are its bits. */
static const char *hash_of(const char *algorithm)
{
	static const struct {
		const char *bits, *name;
	} hashes[] = {{"256", "SHA256"}, {"384", "SHA384"}, {"512", "SHA512"}};

	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
		if (strlen(algorithm) == 5 && strcmp(algorithm + 2, hashes[i].bits) == 0)
			return hashes[i].name;
	return NULL;
}

static bool fits(EVP_PKEY *pkey, const char *algorithm)
{
	const struct ec_curve *curve = ec_curve_of_key(pkey);

	return curve ? strcmp(algorithm, curve->algorithm) == 0 : EVP_PKEY_is_a(pkey, "RSA") && algorithm[0] == 'R';
}

/* OpenSSL's signature as it comes: PKCS#1 v1.5, or ECDSA in DER. free() *signature. */
static bool sign(EVP_PKEY *pkey, const char *hash, const struct buffer *input, unsigned char **signature, size_t *length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const unsigned char *bytes = (const unsigned char *)input->data;
	bool good;

	good = context && EVP_DigestSignInit_ex(context, NULL, hash, NULL, NULL, pkey, NULL) > 0
		&& EVP_DigestSign(context, NULL, length, bytes, input->length) > 0;
	if (good) {
		*signature = memory_alloc(*length);
		good = EVP_DigestSign(context, *signature, length, bytes, input->length) > 0;
	}
	EVP_MD_CTX_free(context);
	return good;
}

/* DER to raw R || S (RFC 7518 section 3.4). */
static bool add_raw_ecdsa(struct buffer *text, const unsigned char *der, size_t length, size_t size)
{
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)length);
	unsigned char raw[2 * EC_CURVE_SIZE_LIMIT];
	bool good;

	good = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, (int)size) >= 0
		&& BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + size, (int)size) >= 0;
	if (good)
		base64url_encode(text, raw, 2 * size);
	ECDSA_SIG_free(signature);
	return good;
}

bool jws_add(struct buffer *jwt, EVP_PKEY *pkey, const char *algorithm, struct slice header, struct slice payload)
{
	const struct ec_curve *curve = ec_curve_of_key(pkey);
	const char *hash = hash_of(algorithm);
	struct buffer text = BUFFER_EMPTY;
	unsigned char *signature = NULL;
	size_t length = 0;
	bool good;

	base64url_encode(&text, header.data, header.length);
	buffer_add_byte(&text, '.');
	base64url_encode(&text, payload.data, payload.length);
	good = hash && fits(pkey, algorithm) && sign(pkey, hash, &text, &signature, &length);
	buffer_add_byte(&text, '.');
	if (good && curve)
		good = add_raw_ecdsa(&text, signature, length, curve->size);
	else if (good)
		base64url_encode(&text, signature, length);
	if (!good)
		crypto_failed("signing");
	good = good && buffer_add(jwt, text.data, text.length);
	free(signature);
	buffer_free(&text);
	return good;
}
