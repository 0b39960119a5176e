/*
 * DPoP proofs (RFC 9449): an ES256 key that lives as long as the run, and a fresh proof with it for
 * each request. Not the app's key: the access token is bound to this one (cnf.jkt).
 */
#ifndef DPOP_H
#define DPOP_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

struct dpop_key;

struct dpop_key *dpop_key_new(void); /* fresh P-256 key; NULL after a message */
void dpop_key_free(struct dpop_key *key);

/* Its thumbprint (RFC 7638), the jkt of tokens bound to it; the key's. */
const char *dpop_key_thumbprint(const struct dpop_key *key);

/*
 * Appends a proof (RFC 9449 section 4.2). method as sent ("GET"); url may carry a query, which is left
 * out of htu; now: seconds since the epoch by Okta's clock. nonce (the server's last) and access_token
 * (for ath) may be NULL. False after a message.
 */
bool dpop_proof_add(struct buffer *jwt, const struct dpop_key *key, const char *method, const char *url, long long now,
	const char *nonce, const char *access_token);

/* A URL without query and fragment: the htu claim. */
struct slice dpop_htu(const char *url);

/* Appends the ath claim: base64url of SHA-256 of the token (RFC 9449 section 4.2). False after a message. */
bool dpop_ath_add(struct buffer *text, const char *access_token);

#endif
