#include "check.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "fetch/jws.h"
#include "fetch/private_jwk.h"
#include "rfc_vectors.h"

static const struct slice payload = {"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", 70};

/* RFC 7515 appendix A.2: RS256 signs the same thing the same way every time. */
static void rs256_as_published(void **state)
{
	struct slice header = slice_of_string("{\"alg\":\"RS256\"}");
	struct buffer jwt = BUFFER_EMPTY;
	struct private_jwk jwk;

	(void)state;
	assert_int_equal(private_jwk_parse(slice_of_string("{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQAB\",\"d\":\"" A2_D "\"}"),
		NULL, &jwk), 0);
	assert_true(jws_add(&jwt, jwk.pkey, "RS256", header, payload));
	assert_string_equal(buffer_string(&jwt), A2_SIGNING_INPUT "." A2_SIGNATURE);
	buffer_free(&jwt);
	EVP_PKEY_free(jwk.pkey);
}

/* R and S with leading zeros now and then, and every signature as long as the next (RFC 7518 section 3.4). */
static void ecdsa_is_raw(void **state)
{
	static const struct {
		const char *curve, *algorithm;
		size_t length;
	} cases[] = {{"P-256", "ES256", 86}, {"P-384", "ES384", 128}, {"P-521", "ES512", 176}};
	struct buffer jwt = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		EVP_PKEY *pkey = EVP_EC_gen(cases[i].curve);

		for (int again = 0; again < 100; again++) {
			buffer_clear(&jwt);
			assert_true(jws_add(&jwt, pkey, cases[i].algorithm, slice_of_string("{}"), payload));
			assert_int_equal(strlen(strrchr(buffer_string(&jwt), '.') + 1), cases[i].length);
		}
		EVP_PKEY_free(pkey);
	}
	buffer_free(&jwt);
}

static void algorithm_must_fit_the_key(void **state)
{
	static const char *const wrong[] = {"ES384", "RS256", "none", "ES25", "HS256", ""};
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	struct buffer jwt = BUFFER_EMPTY;

	(void)state;
	buffer_add_string(&jwt, "as it was");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(jws_add(&jwt, pkey, wrong[i], slice_of_string("{}"), payload));
	assert_string_equal(buffer_string(&jwt), "as it was");
	EVP_PKEY_free(pkey);
	buffer_free(&jwt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rs256_as_published), cmocka_unit_test(ecdsa_is_raw),
		cmocka_unit_test(algorithm_must_fit_the_key)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
