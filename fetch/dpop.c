#include "dpop.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base64url.h"
#include "crypto_error.h"
#include "jti.h"
#include "json_string.h"
#include "jwk.h"
#include "jws.h"
#include "memory.h"

struct dpop_key {
	EVP_PKEY *pkey;
	struct buffer header, thumbprint; /* the same for every proof */
};

struct dpop_key *dpop_key_new(void)
{
	struct dpop_key *key = memory_alloc(sizeof *key);

	key->pkey = EVP_EC_gen("P-256");
	if (!key->pkey) {
		crypto_failed("making a key for DPoP");
		goto failed;
	}
	buffer_add_string(&key->header, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":");
	if (!jwk_public_add(&key->header, key->pkey) || !jwk_thumbprint_add(&key->thumbprint, key->pkey))
		goto failed;
	buffer_add_byte(&key->header, '}');
	buffer_string(&key->thumbprint);
	return key;
failed:
	dpop_key_free(key);
	return NULL;
}

void dpop_key_free(struct dpop_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	buffer_free(&key->header);
	buffer_free(&key->thumbprint);
	free(key);
}

const char *dpop_key_thumbprint(const struct dpop_key *key)
{
	return key->thumbprint.data;
}

struct slice dpop_htu(const char *url)
{
	return slice_of(url, strcspn(url, "?#"));
}

bool dpop_ath_add(struct buffer *text, const char *access_token)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t length = 0;

	if (!EVP_Q_digest(NULL, "SHA256", NULL, access_token, strlen(access_token), digest, &length))
		return crypto_failed("hashing the access token");
	base64url_encode(text, digest, length);
	return true;
}

static bool add_claims(struct buffer *json, const char *method, const char *url, long long now, const char *nonce,
	const char *access_token)
{
	buffer_add_string(json, "{\"jti\":\"");
	if (!jti_add(json))
		return false;
	buffer_add_string(json, "\",\"htm\":");
	json_string_encode(json, slice_of_string(method));
	buffer_add_string(json, ",\"htu\":");
	json_string_encode(json, dpop_htu(url));
	buffer_add_format(json, ",\"iat\":%lld", now);
	if (nonce) {
		buffer_add_string(json, ",\"nonce\":");
		json_string_encode(json, slice_of_string(nonce));
	}
	if (access_token) {
		buffer_add_string(json, ",\"ath\":\"");
		if (!dpop_ath_add(json, access_token))
			return false;
		buffer_add_byte(json, '"');
	}
	buffer_add_byte(json, '}');
	return true;
}

bool dpop_proof_add(struct buffer *jwt, const struct dpop_key *key, const char *method, const char *url, long long now,
	const char *nonce, const char *access_token)
{
	struct buffer claims = BUFFER_EMPTY;
	bool good;

	good = add_claims(&claims, method, url, now, nonce, access_token)
		&& jws_add(jwt, key->pkey, "ES256", slice_of(key->header.data, key->header.length),
			slice_of(claims.data, claims.length));
	buffer_free(&claims);
	return good;
}
