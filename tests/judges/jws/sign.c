/*
 * Prints what okta-fetch would send for a key: "assertion TOKEN", "proof TOKEN" and "bound TOKEN" lines for the judge.
 *
 *     jws-sign KEY-FILE KID URL ACCESS-TOKEN
 */
#include <stdio.h>
#include <time.h>

#include "fetch/assertion.h"
#include "fetch/dpop.h"
#include "fetch/private_key.h"
#include "fetch/secret.h"
#include "message.h"

static void print(const char *name, struct buffer *token)
{
	printf("%s %s\n", name, buffer_string(token));
	buffer_clear(token);
}

int main(int argc, char **argv)
{
	struct buffer secret = BUFFER_EMPTY, token = BUFFER_EMPTY;
	struct private_key *key = NULL;
	struct dpop_key *dpop = dpop_key_new();
	long long now = (long long)time(NULL);
	int status = argc == 5 ? secret_read_file(argv[1], "key file", &secret) : 64;

	message_program("jws-sign");
	if (!status)
		status = private_key_parse(slice_of(secret.data, secret.length), argv[2], &key);
	if (!status) {
		assertion_add(&token, key, "0oaClient", argv[3], now);
		print("assertion", &token);
		dpop_proof_add(&token, dpop, "POST", argv[3], now, "a nonce", NULL);
		print("proof", &token);
		dpop_proof_add(&token, dpop, "GET", argv[3], now, NULL, argv[4]);
		print("bound", &token);
	}
	private_key_free(key);
	dpop_key_free(dpop);
	buffer_wipe(&secret);
	buffer_free(&token);
	return status;
}
