/*
 * The client assertion that signs the app in: private_key_jwt (RFC 7523 section 3, OpenID Connect Core
 * section 9), as Okta wants it (developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp).
 */
#ifndef ASSERTION_H
#define ASSERTION_H

#include <stdbool.h>

#include "buffer.h"
#include "private_key.h"

enum { ASSERTION_LIFE_SECONDS = 300 }; /* Okta takes up to 3600 */

/*
 * Appends a client assertion with a fresh jti: Okta takes each one once, also when it answers
 * use_dpop_nonce. token_url is the exact URL of the request. now: seconds since the epoch by Okta's
 * clock. False after a message.
 */
bool assertion_add(struct buffer *jwt, const struct private_key *key, const char *client_id, const char *token_url,
	long long now);

#endif
