#include "private_key.h"

#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "ec_curve.h"
#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "private_jwk.h"

struct private_key {
	EVP_PKEY *pkey;
	const char *algorithm;
	char *id;
};

static const char expected[] = "expected the app's private key: PEM (-----BEGIN PRIVATE KEY-----) or JWK";

/* A literal \n for each line break, as environment variables often have it. */
static void restore_escaped_breaks(struct slice text, struct buffer *pem)
{
	buffer_reserve(pem, text.length);
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\\' && i + 1 < text.length && (text.data[i + 1] == 'n' || text.data[i + 1] == 'r')) {
			if (text.data[i + 1] == 'n')
				buffer_add_byte(pem, '\n');
			i++;
		} else {
			buffer_add_byte(pem, text.data[i]);
		}
	}
}

static const char *find(const char *text, const char *word, size_t length)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= length; i++)
		if (memcmp(text + i, word, size) == 0)
			return text + i;
	return NULL;
}

/* Puts the line breaks back around a body that lost them: only its base64 letters count. */
static void restore_lost_breaks(struct buffer *pem)
{
	const char *end_of_text = pem->data + pem->length, *begin = find(pem->data, "-----BEGIN ", pem->length), *body, *end;
	struct buffer mended = BUFFER_EMPTY;
	size_t column = 0;

	body = begin ? find(begin + 11, "-----", (size_t)(end_of_text - begin - 11)) : NULL;
	body = body ? body + 5 : NULL;
	end = body ? find(body, "-----END ", (size_t)(end_of_text - body)) : NULL;
	if (!end || memchr(body, ':', (size_t)(end - body)) || (memchr(body, '\n', (size_t)(end - body)) && *body == '\n'))
		return;
	buffer_reserve(&mended, pem->length * 2 + 4);
	buffer_add(&mended, begin, (size_t)(body - begin));
	for (const char *p = body; p < end; p++) {
		if (strchr(" \t\r\n", *p))
			continue;
		if (column++ % 64 == 0)
			buffer_add_byte(&mended, '\n');
		buffer_add_byte(&mended, *p);
	}
	buffer_add_byte(&mended, '\n');
	buffer_add(&mended, end, (size_t)(end_of_text - end));
	buffer_add_byte(&mended, '\n');
	buffer_wipe(pem);
	*pem = mended;
}

/* No pass phrase is ever asked for. */
static int no_pass_phrase(char *text, int size, int writing, void *data)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

/* What the PEM is instead of a private key that can be read; NULL: none of these. */
static const char *judge_label(const char *pem, size_t length)
{
	if (find(pem, "BEGIN ENCRYPTED PRIVATE KEY", length) || find(pem, "Proc-Type: 4,ENCRYPTED", length))
		return "the key is encrypted with a pass phrase: give it without, such as by openssl pkey -in KEY -out PLAIN";
	if (find(pem, " PRIVATE KEY-----", length) && find(pem, "BEGIN OPENSSH ", length))
		return "an OpenSSH key: Okta takes none; make one in the app's General tab > Public Keys > Add key";
	if (find(pem, "PRIVATE KEY-----", length))
		return NULL;
	if (find(pem, "PUBLIC KEY-----", length))
		return "only a public key: give the private key that belongs to it";
	if (find(pem, "BEGIN CERTIFICATE", length))
		return "a certificate: give the private key that belongs to it";
	return "a PEM file without a private key";
}

static int parse_pem(struct slice text, EVP_PKEY **pkey)
{
	struct buffer pem = BUFFER_EMPTY;
	const char *wrong;
	BIO *bio = NULL;
	int status = STATUS_OK;

	restore_escaped_breaks(text, &pem);
	restore_lost_breaks(&pem);
	wrong = judge_label(pem.data, pem.length);
	if (wrong) {
		status = fail(STATUS_CONFIG, "private key: %s", wrong);
		goto out;
	}
	bio = BIO_new_mem_buf(pem.data, (int)pem.length);
	*pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL) : NULL;
	if (!*pkey)
		status = fail(STATUS_CONFIG, "private key: the PEM is damaged or cut off: compare it with the file that Okta gave");
out:
	ERR_clear_error();
	BIO_free(bio);
	buffer_wipe(&pem);
	return status;
}

/* Okta takes RSA of 2048 bits and more, and EC on three curves. */
static int choose_algorithm(struct private_key *key, const char *wanted)
{
	static const char *const rsa[] = {"RS256", "RS384", "RS512"};
	const struct ec_curve *curve = ec_curve_of_key(key->pkey);
	const char *type = EVP_PKEY_get0_type_name(key->pkey);

	if (curve) {
		key->algorithm = curve->algorithm;
	} else if (EVP_PKEY_is_a(key->pkey, "RSA")) {
		if (EVP_PKEY_get_bits(key->pkey) < PRIVATE_KEY_RSA_BITS)
			return fail(STATUS_CONFIG, "private key: RSA of %d bits is too small: at least %d are needed",
				EVP_PKEY_get_bits(key->pkey), PRIVATE_KEY_RSA_BITS);
		key->algorithm = rsa[0];
		for (size_t i = 0; wanted && i < 3; i++)
			if (strcmp(wanted, rsa[i]) == 0)
				key->algorithm = rsa[i];
	} else if (EVP_PKEY_is_a(key->pkey, "EC")) {
		return fail(STATUS_CONFIG, "private key: an EC key on another curve than P-256, P-384 or P-521");
	} else {
		return fail(STATUS_CONFIG, "private key: of type %s: Okta takes RSA and EC keys", type ? type : "unknown");
	}
	if (wanted && strcmp(wanted, key->algorithm) != 0)
		return fail(STATUS_CONFIG, "private key: its JWK says alg %.20s, which this key does not sign with", wanted);
	return STATUS_OK;
}

static struct slice trim(struct slice text)
{
	while (text.length && strchr(" \t\r\n\"'", text.data[0]))
		text = slice_of(text.data + 1, text.length - 1);
	while (text.length && strchr(" \t\r\n\"'", text.data[text.length - 1]))
		text.length--;
	return text;
}

int private_key_parse(struct slice text, const char *key_id, struct private_key **result)
{
	struct private_key *key = memory_alloc(sizeof *key);
	struct private_jwk jwk = {NULL, NULL, NULL};
	int status;

	*result = NULL;
	text = trim(text);
	if (!text.length)
		status = fail(STATUS_CONFIG, "private key: empty: %s", expected);
	else if (text.data[0] == '{')
		status = private_jwk_parse(text, key_id, &jwk);
	else if (find(text.data, "-----BEGIN ", text.length))
		status = parse_pem(text, &key->pkey);
	else
		status = fail(STATUS_CONFIG, "private key: neither PEM nor JWK: %s", expected);
	if (jwk.pkey)
		key->pkey = jwk.pkey;
	if (!status)
		status = choose_algorithm(key, jwk.alg);
	if (key_id || jwk.kid)
		key->id = memory_copy_string(key_id ? key_id : jwk.kid);
	free(jwk.kid);
	free(jwk.alg);
	if (status)
		private_key_free(key);
	else
		*result = key;
	return status;
}

const char *private_key_algorithm(const struct private_key *key)
{
	return key->algorithm;
}

const char *private_key_id(const struct private_key *key)
{
	return key->id;
}

EVP_PKEY *private_key_pkey(const struct private_key *key)
{
	return key->pkey;
}

void private_key_free(struct private_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key->id);
	free(key);
}
