#include "check.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include "fetch/jwk.h"
#include "fetch/private_jwk.h"
#include "rfc_vectors.h"

static void has_thumbprint(EVP_PKEY *pkey, const char *thumbprint)
{
	struct buffer text = BUFFER_EMPTY;

	assert_non_null(pkey);
	assert_true(jwk_thumbprint_add(&text, pkey));
	assert_string_equal(buffer_string(&text), thumbprint);
	buffer_free(&text);
	EVP_PKEY_free(pkey);
}

static EVP_PKEY *private_key(const char *json)
{
	struct private_jwk jwk;

	assert_int_equal(private_jwk_parse(slice_of_string(json), NULL, &jwk), 0);
	assert_null(jwk.kid);
	assert_null(jwk.alg);
	return jwk.pkey;
}

/* RFC 7638 hashes these members in this order; a proof's header carries the same. */
static void public_members_alone(void **state)
{
	EVP_PKEY *pkey = private_key("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\",\"d\":\"" A3_D "\"}");
	struct buffer json = BUFFER_EMPTY;

	(void)state;
	assert_true(jwk_public_add(&json, pkey));
	assert_string_equal(buffer_string(&json), "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\"}");
	EVP_PKEY_free(pkey);
	buffer_clear(&json);
	pkey = private_key("{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQAB\",\"d\":\"" A2_D "\"}");
	assert_true(jwk_public_add(&json, pkey));
	assert_string_equal(buffer_string(&json), "{\"e\":\"AQAB\",\"kty\":\"RSA\",\"n\":\"" A2_N "\"}");
	EVP_PKEY_free(pkey);
	buffer_free(&json);
}

static void thumbprints(void **state)
{
	(void)state;
	has_thumbprint(private_key("{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQAB\",\"d\":\"" A2_D "\"}"), A2_THUMBPRINT);
	has_thumbprint(private_key("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\",\"d\":\"" A3_D "\"}"),
		A3_THUMBPRINT);
	/* Public keys of the RFCs; d is any number, of which a thumbprint knows nothing. */
	has_thumbprint(private_key("{\"kty\":\"RSA\",\"n\":\"" RFC7638_N "\",\"e\":\"AQAB\",\"d\":\"" A2_D "\"}"), RFC7638_THUMBPRINT);
	has_thumbprint(private_key("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC9449_X "\",\"y\":\"" RFC9449_Y "\",\"d\":\"" A3_D "\"}"),
		RFC9449_THUMBPRINT);
}

static size_t length_of_member(const char *json, const char *start)
{
	const char *member = strstr(json, start);

	assert_non_null(member);
	return strcspn(member + strlen(start), "\"");
}

/* One coordinate in 256 begins with a zero byte, which stays. */
static void coordinates_have_fixed_length(void **state)
{
	(void)state;
	for (int found = 0, tries = 0; found < 2; tries++) {
		EVP_PKEY *pkey = EVP_EC_gen("P-256");
		struct buffer json = BUFFER_EMPTY;

		assert_non_null(pkey);
		assert_true(jwk_public_add(&json, pkey));
		assert_int_equal(length_of_member(buffer_string(&json), "\"x\":\""), 43);
		assert_int_equal(length_of_member(buffer_string(&json), "\"y\":\""), 43);
		found += strstr(json.data, "\"x\":\"AA") || strstr(json.data, "\"y\":\"AA") || tries > 500;
		buffer_free(&json);
		EVP_PKEY_free(pkey);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(public_members_alone), cmocka_unit_test(thumbprints),
		cmocka_unit_test(coordinates_have_fixed_length)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
