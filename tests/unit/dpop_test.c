#include "check.h"

#include "fetch/dpop.h"
#include "read_jwt.h"
#include "rfc_vectors.h"

static const long long now = 1800000000;

static cJSON *claims_of(const struct dpop_key *key, const char *url, const char *nonce, const char *access_token)
{
	struct buffer jwt = BUFFER_EMPTY;
	cJSON *claims;

	assert_true(dpop_proof_add(&jwt, key, "GET", url, now, nonce, access_token));
	claims = read_jwt(&jwt, 1);
	buffer_free(&jwt);
	return claims;
}

/* RFC 9449 section 7.1. */
static void ath_as_published(void **state)
{
	struct buffer text = BUFFER_EMPTY;

	(void)state;
	assert_true(dpop_ath_add(&text, RFC9449_TOKEN));
	assert_string_equal(buffer_string(&text), RFC9449_ATH);
	buffer_free(&text);
}

static void htu_has_no_query(void **state)
{
	(void)state;
	assert_true(slice_equals(dpop_htu("https://a/api/v1/users?after=x&limit=200"), "https://a/api/v1/users"));
	assert_true(slice_equals(dpop_htu("https://a/b#c?d"), "https://a/b"));
	assert_true(slice_equals(dpop_htu("https://a/b?c#d"), "https://a/b"));
	assert_true(slice_equals(dpop_htu("https://a/b%3Fc"), "https://a/b%3Fc"));
}

static void proof_for_the_api(void **state)
{
	struct dpop_key *key = dpop_key_new();
	cJSON *claims = claims_of(key, "https://a/api/v1/users?after=x", "a \"nonce\"", RFC9449_TOKEN);

	(void)state;
	assert_string_equal(claim(claims, "htm"), "GET");
	assert_string_equal(claim(claims, "htu"), "https://a/api/v1/users");
	assert_string_equal(claim(claims, "nonce"), "a \"nonce\"");
	assert_string_equal(claim(claims, "ath"), RFC9449_ATH);
	assert_true(cJSON_GetObjectItem(claims, "iat")->valuedouble == (double)now);
	cJSON_Delete(claims);
	dpop_key_free(key);
}

static void each_proof_is_fresh(void **state)
{
	struct dpop_key *key = dpop_key_new();
	cJSON *one = claims_of(key, "https://a/b", NULL, NULL), *other = claims_of(key, "https://a/b", NULL, NULL);

	(void)state;
	assert_string_not_equal(claim(one, "jti"), claim(other, "jti"));
	assert_true(strlen(claim(one, "jti")) >= 22);
	assert_false(cJSON_HasObjectItem(one, "nonce"));
	assert_false(cJSON_HasObjectItem(one, "ath"));
	cJSON_Delete(one);
	cJSON_Delete(other);
	dpop_key_free(key);
}

static void header_shows_the_public_key_alone(void **state)
{
	struct dpop_key *key = dpop_key_new(), *next_run = dpop_key_new();
	struct buffer jwt = BUFFER_EMPTY;
	cJSON *header, *jwk;

	(void)state;
	assert_true(dpop_proof_add(&jwt, key, "POST", "https://a/b", now, NULL, NULL));
	header = read_jwt(&jwt, 0);
	jwk = cJSON_GetObjectItem(header, "jwk");
	assert_string_equal(claim(header, "typ"), "dpop+jwt");
	assert_string_equal(claim(header, "alg"), "ES256");
	assert_string_equal(claim(jwk, "crv"), "P-256");
	assert_non_null(claim(jwk, "x"));
	assert_non_null(claim(jwk, "y"));
	assert_false(cJSON_HasObjectItem(jwk, "d"));
	assert_int_equal(strlen(dpop_key_thumbprint(key)), 43);
	assert_string_not_equal(dpop_key_thumbprint(key), dpop_key_thumbprint(next_run));
	cJSON_Delete(header);
	buffer_free(&jwt);
	dpop_key_free(key);
	dpop_key_free(next_run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(ath_as_published), cmocka_unit_test(htu_has_no_query),
		cmocka_unit_test(proof_for_the_api), cmocka_unit_test(each_proof_is_fresh),
		cmocka_unit_test(header_shows_the_public_key_alone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
