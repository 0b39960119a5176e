/*
 * The access token's life: OAuth 2.0 client credentials with private_key_jwt at the org authorization
 * server (developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp), bound to a DPoP key where
 * Okta asks for it (RFC 9449). Or an SSWS token, which has no life.
 *
 * This module makes the requests' credentials and reads the token answers; request.c sends.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>

#include "buffer.h"
#include "private_key.h"
#include "server_clock.h"
#include "slice.h"

enum dpop_mode { DPOP_AUTO, DPOP_REQUIRE, DPOP_OFF };

struct token;

/*
 * origin, client_id, clock are kept, not copied; key is owned from now on (NULL with ssws). ssws is copied
 * (empty: none). NULL after a message.
 */
struct token *token_new(const char *origin, const char *client_id, struct private_key *key, struct slice ssws,
	enum dpop_mode mode, const struct server_clock *clock);
void token_free(struct token *token);

/* Is there a token that will hold a while? */
bool token_ready(const struct token *token);

/* Counts tokens, 0: none yet. A request that was refused with an older one need not ask for a newer. */
unsigned token_generation(const struct token *token);

/* Throws away the token of that generation (Okta said 401); false when that cannot be mended (SSWS). */
bool token_refused(struct token *token, unsigned generation);

/* The URL of the token endpoint, and the form and proof ("DPoP: ..." or nothing) of a new request to it. false after a message. */
const char *token_url(const struct token *token);
bool token_request(struct token *token, struct buffer *form, struct buffer *proof_header);

/* For --check: a scope that was not given, and a token of another type than wanted, are no failures any more. */
void token_accept_any(struct token *token);

/* Of the last token: was the scope given? Is it bound to a key (DPoP)? */
bool token_has_scope(const struct token *token, const char *scope);
bool token_is_bound(const struct token *token);

/* Reads a 200 answer. 0, or the exit status after a message. */
int token_read_answer(struct token *token, struct slice body);

/* Appends "Authorization: ..." and, for a bound token, "DPoP: ..." (else leaves it empty). false after a message. */
bool token_authorize(struct token *token, const char *method, const char *url,
	struct buffer *authorization, struct buffer *proof_header);

/* A DPoP-Nonce header came from the token server or the API; NULL is ignored. */
void token_keep_nonce(struct token *token, bool from_api, const char *nonce);

#endif
