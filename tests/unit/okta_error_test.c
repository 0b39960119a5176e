#include "check.h"

#include "exit_status.h"
#include "fetch/okta_error.h"

/* The header as Okta sends it: apostrophes and commas inside quotes, scope before error. */
static void reads_challenges(void **state)
{
	static const char header[] = "DPoP algs=\"RS256 ES256\", authorization_uri=\"http://a/oauth2\", realm=\"http://a\", scope=\"okta.groups.read\", "
		"error=\"invalid_dpop_proof\", error_description=\"'htu' claim, in the DPoP proof JWT, is invalid.\", resource=\"/api/v1/groups\"";

	(void)state;
	assert_true(slice_equals(okta_challenge_parameter(header, "error"), "invalid_dpop_proof"));
	assert_true(slice_equals(okta_challenge_parameter(header, "error_description"), "'htu' claim, in the DPoP proof JWT, is invalid."));
	assert_null(okta_challenge_parameter(header, "nonce").data);
	assert_null(okta_challenge_parameter("DPoP error_description=\"error=\\\"x\"", "error").data);
	assert_null(okta_challenge_parameter(NULL, "error").data);
	assert_true(slice_equals(okta_challenge_parameter("DPoP error=\"use_dpop_nonce\"", "error"), "use_dpop_nonce"));
}

static void reads_token_errors(void **state)
{
	(void)state;
	assert_true(okta_error_is(slice_of_string("{\"error\":\"use_dpop_nonce\",\"error_description\":\"x\"}"), "use_dpop_nonce"));
	assert_false(okta_error_is(slice_of_string("<html>"), "use_dpop_nonce"));
	assert_false(okta_error_is(slice_of(NULL, 0), "use_dpop_nonce"));
}

static int token_status(long status, const char *body)
{
	struct okta_failure failure = {.status = status, .body = slice_of_string(body)};

	return okta_token_refused(&failure);
}

/* What pipeline.sh and cron do next hangs on these. */
static void tells_what_is_worth_a_retry(void **state)
{
	(void)state;
	assert_int_equal(token_status(429, "{\"errorCode\":\"E0000047\",\"errorSummary\":\"too many requests\"}"), STATUS_LATER);
	assert_int_equal(token_status(429, "{\"error\":\"invalid_grant\",\"error_description\":\"too many requests\"}"), STATUS_LATER);
	assert_int_equal(token_status(400, "{\"error\":\"server_error\"}"), STATUS_UNAVAILABLE);
	assert_int_equal(token_status(401, "{\"error\":\"invalid_client\",\"error_description\":\"The JWT kid is invalid.\"}"), STATUS_REFUSED);
	assert_int_equal(token_status(503, "<html>"), STATUS_UNAVAILABLE);
	assert_int_equal(token_status(414, "<html>"), STATUS_CONFIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads_challenges), cmocka_unit_test(reads_token_errors),
		cmocka_unit_test(tells_what_is_worth_a_retry)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
