#include "check.h"

#include <stdlib.h>

#include "fetch/assertion.h"
#include "read_jwt.h"
#include "rfc_vectors.h"

static const char jwk[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"its \\\"own\\\"\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\",\"d\":\"" A3_D "\"}";
static const char url[] = "https://acme.okta.com/oauth2/v1/token";
static const long long now = 1800000000;

static struct buffer assertion(const char *key_id)
{
	struct private_key *key;
	struct buffer jwt = BUFFER_EMPTY;

	assert_int_equal(private_key_parse(slice_of_string(jwk), key_id, &key), 0);
	assert_true(assertion_add(&jwt, key, "0oa1client", url, now));
	private_key_free(key);
	return jwt;
}

static void says_what_okta_wants(void **state)
{
	struct buffer jwt = assertion(NULL);
	cJSON *header = read_jwt(&jwt, 0), *claims = read_jwt(&jwt, 1);

	(void)state;
	assert_string_equal(claim(header, "alg"), "ES256");
	assert_string_equal(claim(header, "kid"), "its \"own\"");
	assert_string_equal(claim(claims, "aud"), url);
	assert_string_equal(claim(claims, "iss"), "0oa1client");
	assert_string_equal(claim(claims, "sub"), "0oa1client");
	assert_true(cJSON_GetObjectItem(claims, "exp")->valuedouble == (double)now + 300);
	assert_true(strlen(claim(claims, "jti")) >= 22); /* 128 bits */
	/* A fast clock here must not be a time in the future there. */
	assert_true(!cJSON_HasObjectItem(claims, "iat") || cJSON_GetObjectItem(claims, "iat")->valuedouble < (double)now);
	cJSON_Delete(header);
	cJSON_Delete(claims);
	buffer_free(&jwt);
}

static void given_key_id_wins(void **state)
{
	struct buffer jwt = assertion("given");
	cJSON *header = read_jwt(&jwt, 0);

	(void)state;
	assert_string_equal(claim(header, "kid"), "given");
	cJSON_Delete(header);
	buffer_free(&jwt);
}

static void is_used_once(void **state)
{
	struct buffer first = assertion(NULL), second = assertion(NULL);
	cJSON *one = read_jwt(&first, 1), *other = read_jwt(&second, 1);

	(void)state;
	assert_string_not_equal(claim(one, "jti"), claim(other, "jti"));
	cJSON_Delete(one);
	cJSON_Delete(other);
	buffer_free(&first);
	buffer_free(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_okta_wants), cmocka_unit_test(given_key_id_wins),
		cmocka_unit_test(is_used_once)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
