#include "private_jwk.h"

#include <cjson/cJSON.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"
#include "ec_curve.h"
#include "exit_status.h"
#include "memory.h"
#include "message.h"

enum { NUMBER_COUNT = 8 };

/* The members of RFC 7518 section 6.3.2, as OpenSSL calls them. */
static const struct {
	const char *member, *param;
} rsa_numbers[NUMBER_COUNT] = {
	{"n", OSSL_PKEY_PARAM_RSA_N}, {"e", OSSL_PKEY_PARAM_RSA_E}, {"d", OSSL_PKEY_PARAM_RSA_D},
	{"p", OSSL_PKEY_PARAM_RSA_FACTOR1}, {"q", OSSL_PKEY_PARAM_RSA_FACTOR2}, {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
	{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

static const char *string_member(const cJSON *jwk, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(jwk, name));
}

static bool decode_member(const cJSON *jwk, const char *name, struct buffer *bytes)
{
	const char *text = string_member(jwk, name);

	buffer_clear(bytes);
	return text && base64url_decode(slice_of_string(text), bytes) && bytes->length;
}

static EVP_PKEY *make_key(const char *type, OSSL_PARAM_BLD *builder)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY *pkey = NULL;

	if (!context || !params || EVP_PKEY_fromdata_init(context) <= 0
		|| EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR, params) <= 0)
		pkey = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return pkey;
}

/* n, e and d must be there; the others all or none. NULL with *missing set, or not, when it is no key. */
static EVP_PKEY *rsa_key(const cJSON *jwk, const char **missing)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *numbers[NUMBER_COUNT] = {NULL};
	struct buffer bytes = BUFFER_EMPTY;
	size_t count = string_member(jwk, "p") ? NUMBER_COUNT : 3;
	EVP_PKEY *pkey = NULL;

	for (size_t i = 0; i < count && !*missing; i++) {
		if (!decode_member(jwk, rsa_numbers[i].member, &bytes)) {
			*missing = rsa_numbers[i].member;
			break;
		}
		numbers[i] = BN_bin2bn((const unsigned char *)bytes.data, (int)bytes.length, NULL);
		OSSL_PARAM_BLD_push_BN(builder, rsa_numbers[i].param, numbers[i]);
	}
	if (!*missing)
		pkey = make_key("RSA", builder);
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		BN_clear_free(numbers[i]);
	OSSL_PARAM_BLD_free(builder);
	buffer_wipe(&bytes);
	return pkey;
}

static EVP_PKEY *ec_key(const cJSON *jwk, const char **missing)
{
	const struct ec_curve *curve = ec_curve_of_crv(slice_of_string(string_member(jwk, "crv")));
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	struct buffer bytes = BUFFER_EMPTY, point = BUFFER_EMPTY;
	BIGNUM *d = NULL;
	EVP_PKEY *pkey = NULL;

	if (!curve)
		*missing = "crv (P-256, P-384 or P-521)";
	buffer_add_byte(&point, 4); /* uncompressed (SEC 1 section 2.3.3) */
	for (int i = 0; i < 2 && !*missing; i++)
		if (!decode_member(jwk, i ? "y" : "x", &bytes) || bytes.length != curve->size)
			*missing = i ? "y" : "x";
		else
			buffer_add(&point, bytes.data, bytes.length);
	if (!*missing && !decode_member(jwk, "d", &bytes))
		*missing = "d";
	if (!*missing) {
		d = BN_bin2bn((const unsigned char *)bytes.data, (int)bytes.length, NULL);
		OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0);
		OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data, point.length);
		OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, d);
		pkey = make_key("EC", builder);
	}
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(builder);
	buffer_wipe(&bytes);
	buffer_free(&point);
	return pkey;
}

static int parse_one(const cJSON *jwk, struct private_jwk *result)
{
	const char *type = string_member(jwk, "kty"), *missing = NULL;

	if (!type)
		return fail(STATUS_CONFIG, "private key: JSON, but no JWK: it has no \"kty\"");
	if (strcmp(type, "RSA") != 0 && strcmp(type, "EC") != 0)
		return fail(STATUS_CONFIG, "private key: a JWK of type %.20s: Okta takes RSA and EC keys", type);
	if (!string_member(jwk, "d"))
		return fail(STATUS_CONFIG, "private key: only a public JWK, without \"d\": give the private key that belongs to it");
	result->pkey = type[0] == 'R' ? rsa_key(jwk, &missing) : ec_key(jwk, &missing);
	if (missing)
		return fail(STATUS_CONFIG, "private key: the JWK's %s is missing or damaged", missing);
	if (!result->pkey)
		return fail(STATUS_CONFIG, "private key: the members of the JWK do not make a key: is it damaged?");
	if (string_member(jwk, "kid"))
		result->kid = memory_copy_string(string_member(jwk, "kid"));
	if (string_member(jwk, "alg"))
		result->alg = memory_copy_string(string_member(jwk, "alg"));
	return STATUS_OK;
}

/* The set's private key of that kid, or the only private one; NULL after a message. */
static const cJSON *choose(const cJSON *keys, const char *key_id)
{
	const cJSON *key, *chosen = NULL;
	unsigned found = 0;

	cJSON_ArrayForEach(key, keys) {
		const char *kid = string_member(key, "kid");

		if (!string_member(key, "d") || (key_id && (!kid || strcmp(kid, key_id) != 0)))
			continue;
		chosen = key;
		found++;
	}
	if (found == 1)
		return chosen;
	if (key_id)
		fail(STATUS_CONFIG, "private key: the JWK Set has %u private keys with the key ID %s: expected one", found, key_id);
	else
		fail(STATUS_CONFIG, "private key: the JWK Set has %u private keys: give the key ID of one", found);
	return NULL;
}

/* cJSON copies every string: the private members must not stay in freed memory. */
static void wipe_strings(cJSON *tree)
{
	for (; tree; tree = tree->next) {
		if (cJSON_IsString(tree))
			OPENSSL_cleanse(tree->valuestring, strlen(tree->valuestring));
		wipe_strings(tree->child);
	}
}

int private_jwk_parse(struct slice text, const char *key_id, struct private_jwk *jwk)
{
	cJSON *tree = cJSON_ParseWithLength(text.data, text.length);
	const cJSON *keys = cJSON_GetObjectItemCaseSensitive(tree, "keys"), *one = tree;
	int status = STATUS_CONFIG;

	memset(jwk, 0, sizeof *jwk);
	if (!tree)
		fail(STATUS_CONFIG, "private key: begins like a JWK, but is no JSON: is it cut off?");
	else if (!cJSON_IsArray(keys) || (one = choose(keys, key_id)))
		status = parse_one(one, jwk);
	wipe_strings(tree);
	cJSON_Delete(tree);
	return status;
}
