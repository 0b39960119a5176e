#include "check.h"

#include "fetch/base64url.h"
#include "rfc_vectors.h"

static void same_both_ways(const char *bytes, size_t length, const char *text)
{
	struct buffer encoded = BUFFER_EMPTY, decoded = BUFFER_EMPTY;

	base64url_encode(&encoded, bytes, length);
	assert_string_equal(buffer_string(&encoded), text);
	assert_true(base64url_decode(slice_of_string(text), &decoded));
	assert_int_equal(decoded.length, length);
	if (length)
		assert_memory_equal(decoded.data, bytes, length);
	buffer_free(&encoded);
	buffer_free(&decoded);
}

/* RFC 4648 section 10, without padding; RFC 7515 appendix A.2 and C. */
static void published_examples(void **state)
{
	static const char claims[] = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

	(void)state;
	same_both_ways("", 0, "");
	same_both_ways("f", 1, "Zg");
	same_both_ways("fo", 2, "Zm8");
	same_both_ways("foo", 3, "Zm9v");
	same_both_ways("foob", 4, "Zm9vYg");
	same_both_ways("\x03\xec\xff\xe0\xc1", 5, "A-z_4ME");
	same_both_ways(claims, sizeof claims - 1, A2_PAYLOAD_BASE64URL);
}

static void refuses_what_nobody_encodes(void **state)
{
	static const char *const wrong[] = {"A", "Zg==", "Zm9v\n", "Zm+v", "Zm/v", "Zh", "Zm9", "Z m8", "Zm9v\xc3\xa9"};
	struct buffer bytes = BUFFER_EMPTY;

	(void)state;
	buffer_add_string(&bytes, "as it was");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(base64url_decode(slice_of_string(wrong[i]), &bytes));
	assert_string_equal(buffer_string(&bytes), "as it was");
	buffer_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(published_examples), cmocka_unit_test(refuses_what_nobody_encodes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
