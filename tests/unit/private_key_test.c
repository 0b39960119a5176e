#include "check.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <unistd.h>

#include "buffer.h"
#include "fetch/private_key.h"
#include "rfc_vectors.h"

#define EC_PUBLIC "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\""
#define EC_PRIVATE EC_PUBLIC ",\"d\":\"" A3_D "\""
#define RSA_PUBLIC "\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQAB\""
#define RSA_PRIVATE RSA_PUBLIC ",\"d\":\"" A2_D "\""

enum form { PKCS8, TRADITIONAL, PKCS8_ENCRYPTED, TRADITIONAL_ENCRYPTED, PUBLIC };

/* A key's PEM; the key is freed. */
static struct buffer pem_of(EVP_PKEY *pkey, enum form form)
{
	struct buffer pem = BUFFER_EMPTY;
	BIO *bio = BIO_new(BIO_s_mem());
	char word[] = "secret", *bytes;
	unsigned char *pass = (unsigned char *)word;
	int good = 0;
	long length;

	assert_non_null(pkey);
	switch (form) {
	case PKCS8: good = PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL); break;
	case TRADITIONAL: good = PEM_write_bio_PrivateKey_traditional(bio, pkey, NULL, NULL, 0, NULL, NULL); break;
	case PKCS8_ENCRYPTED: good = PEM_write_bio_PKCS8PrivateKey(bio, pkey, EVP_aes_256_cbc(), word, 6, NULL, NULL); break;
	case TRADITIONAL_ENCRYPTED:
		good = PEM_write_bio_PrivateKey_traditional(bio, pkey, EVP_aes_256_cbc(), pass, 6, NULL, NULL);
		break;
	case PUBLIC: good = PEM_write_bio_PUBKEY(bio, pkey); break;
	}
	assert_int_equal(good, 1);
	length = BIO_get_mem_data(bio, &bytes);
	buffer_add(&pem, bytes, (size_t)length);
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	return pem;
}

static void accepts(struct slice text, const char *key_id, const char *algorithm, const char *id)
{
	struct private_key *key = NULL;

	assert_int_equal(private_key_parse(text, key_id, &key), 0);
	assert_string_equal(private_key_algorithm(key), algorithm);
	if (id)
		assert_string_equal(private_key_id(key), id);
	else
		assert_null(private_key_id(key));
	private_key_free(key);
}

/* Refused with 78 and one line that has these words, and none of the key. */
static void refuses(struct slice text, const char *key_id, const char *words)
{
	struct private_key *key = NULL;
	int saved = dup(STDERR_FILENO), status;
	FILE *caught = tmpfile();
	char message[1024];
	size_t length;

	dup2(fileno(caught), STDERR_FILENO);
	status = private_key_parse(text, key_id, &key);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(caught);
	length = fread(message, 1, sizeof message - 1, caught);
	message[length] = '\0';
	fclose(caught);
	if (!strstr(message, words) || strchr(message, '\n') != message + length - 1)
		check_failed("expected \"%s\" in the one line: %s", words, message);
	assert_null(strstr(message, "MII"));
	assert_null(strstr(message, A3_D));
	assert_int_equal(status, 78);
	assert_null(key);
}

static void refuses_text(const char *text, const char *words)
{
	refuses(slice_of_string(text), NULL, words);
}

static void refuses_pem(struct buffer pem, const char *words)
{
	refuses(slice_of(pem.data, pem.length), NULL, words);
	buffer_free(&pem);
}

static void pem_forms(void **state)
{
	static const struct {
		const char *curve, *algorithm;
	} curves[] = {{"P-256", "ES256"}, {"P-384", "ES384"}, {"P-521", "ES512"}};
	struct buffer pem;

	(void)state;
	for (int form = PKCS8; form <= TRADITIONAL; form++) {
		pem = pem_of(EVP_RSA_gen(2048), (enum form)form);
		accepts(slice_of(pem.data, pem.length), "kid", "RS256", "kid");
		buffer_free(&pem);
		for (size_t i = 0; i < 3; i++) {
			pem = pem_of(EVP_EC_gen(curves[i].curve), (enum form)form);
			accepts(slice_of(pem.data, pem.length), NULL, curves[i].algorithm, NULL);
			buffer_free(&pem);
		}
	}
}

/* What shells, .env files and Windows make of a PEM. */
static void pem_with_other_line_breaks(void **state)
{
	static const char *const breaks[] = {"\\n", " ", "", "\r\n", "\\r\\n", "  \n"};
	struct buffer pem = pem_of(EVP_EC_gen("P-256"), TRADITIONAL), other = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
		buffer_clear(&other);
		buffer_add_string(&other, "\"");
		for (size_t at = 0; at < pem.length; at++)
			if (pem.data[at] == '\n')
				buffer_add_string(&other, breaks[i]);
			else
				buffer_add_byte(&other, pem.data[at]);
		buffer_add_string(&other, "\"\n");
		accepts(slice_of(other.data, other.length), NULL, "ES256", NULL);
	}
	buffer_free(&pem);
	buffer_free(&other);
}

/* openssl ecparam -genkey writes the parameters first; a bundle may begin with the certificate. */
static void pem_with_other_blocks_before(void **state)
{
	struct buffer pem = pem_of(EVP_EC_gen("P-256"), TRADITIONAL), text = BUFFER_EMPTY;

	(void)state;
	buffer_add_string(&text, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n");
	buffer_add(&text, pem.data, pem.length);
	accepts(slice_of(text.data, text.length), NULL, "ES256", NULL);
	buffer_free(&pem);
	buffer_free(&text);
}

static void jwk_forms(void **state)
{
	(void)state;
	accepts(slice_of_string("{" RSA_PRIVATE "}"), NULL, "RS256", NULL);
	accepts(slice_of_string("{" RSA_PRIVATE ",\"kid\":\"own\"}"), NULL, "RS256", "own");
	accepts(slice_of_string("{" RSA_PRIVATE ",\"kid\":\"own\",\"alg\":\"RS384\"}"), "given", "RS384", "given");
	accepts(slice_of_string("{" RSA_PRIVATE ",\"alg\":\"RS512\"}\n"), NULL, "RS512", NULL);
	accepts(slice_of_string("{" EC_PRIVATE ",\"kid\":\"own\"}"), NULL, "ES256", "own");
}

static void jwk_set(void **state)
{
	static const char one[] = "{\"keys\":[{" RSA_PUBLIC ",\"kid\":\"a\"},{" EC_PRIVATE ",\"kid\":\"b\"}]}";
	static const char two[] = "{\"keys\":[{" RSA_PRIVATE ",\"kid\":\"a\"},{" EC_PRIVATE ",\"kid\":\"b\"}]}";

	(void)state;
	accepts(slice_of_string(one), NULL, "ES256", "b");
	accepts(slice_of_string(two), "a", "RS256", "a");
	accepts(slice_of_string(two), "b", "ES256", "b");
	refuses(slice_of_string(two), NULL, "2 private keys");
	refuses(slice_of_string(two), "c", "key ID c");
	refuses(slice_of_string("{\"keys\":[]}"), NULL, "0 private keys");
}

static void each_wrong_pem_has_its_message(void **state)
{
	struct buffer pem;

	(void)state;
	refuses_pem(pem_of(EVP_EC_gen("P-256"), PKCS8_ENCRYPTED), "encrypted");
	refuses_pem(pem_of(EVP_EC_gen("P-256"), TRADITIONAL_ENCRYPTED), "encrypted");
	refuses_pem(pem_of(EVP_EC_gen("P-256"), PUBLIC), "public key");
	refuses_pem(pem_of(EVP_RSA_gen(1024), PKCS8), "1024 bits");
	refuses_pem(pem_of(EVP_EC_gen("secp256k1"), PKCS8), "another curve");
	refuses_pem(pem_of(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), PKCS8), "ED25519");
	refuses_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "certificate");
	refuses_text("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n", "OpenSSH");
	refuses_text("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "damaged");
	pem = pem_of(EVP_EC_gen("P-256"), PKCS8);
	pem.length /= 2;
	refuses_pem(pem, "cut off");
}

static void each_wrong_jwk_has_its_message(void **state)
{
	(void)state;
	refuses_text("{" RSA_PUBLIC "}", "public JWK");
	refuses_text("{" EC_PUBLIC "}", "public JWK");
	refuses_text("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"d\":\"" A2_D "\"}", "n is missing");
	refuses_text("{" RSA_PRIVATE ",\"p\":\"" A2_P "\"}", "q is missing");
	refuses_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A3_X "\",\"d\":\"" A3_D "\"}", "y is missing");
	refuses_text("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\",\"d\":\"" A3_D "\"}", "P-256, P-384");
	refuses_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"d\":\"AA\"}", "OKP");
	refuses_text("{" RSA_PRIVATE ",\"alg\":\"PS256\"}", "PS256");
	refuses_text("{" EC_PRIVATE ",\"alg\":\"ES384\"}", "ES384");
	refuses_text("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}", "too small");
	refuses_text("{\"a\":1}", "kty");
	refuses_text("{\"kty\":\"RSA\"", "cut off");
}

static void what_is_no_key_at_all(void **state)
{
	(void)state;
	refuses_text("", "empty");
	refuses_text(" \n", "empty");
	refuses_text("hello", "neither PEM nor JWK");
	refuses(slice_of("0\x82\x04\xbd\0\2", 6), NULL, "neither PEM nor JWK");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(pem_forms), cmocka_unit_test(pem_with_other_line_breaks),
		cmocka_unit_test(pem_with_other_blocks_before), cmocka_unit_test(jwk_forms), cmocka_unit_test(jwk_set),
		cmocka_unit_test(each_wrong_pem_has_its_message), cmocka_unit_test(each_wrong_jwk_has_its_message),
		cmocka_unit_test(what_is_no_key_at_all)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
