#include "token.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "assertion.h"
#include "dpop.h"
#include "exit_status.h"
#include "memory.h"
#include "message.h"

/*
 * Okta refuses a proof "issued in the future" and documents no leeway, but takes one that is five minutes old (DPoP guide): a clock
 * that is a little ahead does no harm then.
 */
enum { PROOF_AGE_SECONDS = 5 };
enum { NONCE_LIMIT = 4096, RENEW_EARLY_SECONDS = 300, SHORTEST_LIFE_SECONDS = 1 };

struct token {
	const char *client_id;
	const struct server_clock *clock;
	struct private_key *key;
	struct dpop_key *dpop_key; /* NULL: no proofs */
	enum dpop_mode mode;
	char *url;                 /* of the token endpoint */
	struct buffer value;       /* the access token, or the SSWS token */
	bool ssws, bound, accept_any;
	char *scopes;              /* as Okta gave them; NULL: it did not say */
	double renew_at;           /* monotonic seconds */
	unsigned generation;
	char *token_nonce, *api_nonce; /* each server has its own (RFC 9449 section 8) */
};

struct token *token_new(const char *origin, const char *client_id, struct private_key *key, struct slice ssws,
	enum dpop_mode mode, const struct server_clock *clock)
{
	static const char path[] = "/oauth2/v1/token";
	struct token *token = memory_alloc(sizeof *token);

	token->client_id = client_id;
	token->clock = clock;
	token->key = key;
	token->mode = mode;
	token->url = memory_alloc(strlen(origin) + sizeof path);
	strcat(strcat(token->url, origin), path);
	token->ssws = !key;
	token->generation = token->ssws; /* it is there from the start */
	buffer_add(&token->value, ssws.data, ssws.length);
	if (token->ssws || mode == DPOP_OFF || (token->dpop_key = dpop_key_new()))
		return token;
	token_free(token);
	return NULL;
}

void token_free(struct token *token)
{
	if (!token)
		return;
	private_key_free(token->key);
	dpop_key_free(token->dpop_key);
	buffer_wipe(&token->value);
	free(token->url);
	free(token->scopes);
	free(token->token_nonce);
	free(token->api_nonce);
	free(token);
}

bool token_ready(const struct token *token)
{
	return token->ssws || (token->value.length && monotonic_now() < token->renew_at);
}

unsigned token_generation(const struct token *token)
{
	return token->generation;
}

bool token_refused(struct token *token, unsigned generation)
{
	if (token->ssws)
		return false;
	if (generation == token->generation)
		buffer_clear(&token->value);
	return true;
}

const char *token_url(const struct token *token)
{
	return token->url;
}

bool token_request(struct token *token, struct buffer *form, struct buffer *proof_header)
{
	long long now = (long long)server_clock_now(token->clock);

	/* The assertion is base64url with dots: nothing in it needs percent-encoding. */
	buffer_add_string(form, "grant_type=client_credentials&scope=okta.users.read%20okta.groups.read"
		"&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=");
	if (!assertion_add(form, token->key, token->client_id, token->url, now))
		return false;
	if (!token->dpop_key)
		return true;
	buffer_add_string(proof_header, "DPoP: ");
	return dpop_proof_add(proof_header, token->dpop_key, "POST", token->url, now - PROOF_AGE_SECONDS, token->token_nonce, NULL);
}

void token_accept_any(struct token *token)
{
	token->accept_any = true;
}

bool token_is_bound(const struct token *token)
{
	return token->bound;
}

static bool has_scope(const char *scopes, const char *scope)
{
	size_t length = strlen(scope);

	for (const char *p = scopes; (p = strstr(p, scope)); p += length)
		if ((p == scopes || p[-1] == ' ') && (p[length] == ' ' || p[length] == '\0'))
			return true;
	return false;
}

bool token_has_scope(const struct token *token, const char *scope)
{
	return !token->scopes || has_scope(token->scopes, scope);
}

/* Okta leaves out a scope that was not granted, in silence, when another one was. */
static int check_scopes(const char *scopes)
{
	bool users, groups;

	if (!scopes)
		return STATUS_OK;
	users = has_scope(scopes, "okta.users.read");
	groups = has_scope(scopes, "okta.groups.read");
	if (users && groups)
		return STATUS_OK;
	return fail(STATUS_REFUSED, "signing in: Okta did not give the scope %s: grant it in the app's Okta API Scopes tab",
		users ? "okta.groups.read" : groups ? "okta.users.read" : "okta.users.read, nor okta.groups.read");
}

static int check_type(struct token *token, const char *type)
{
	token->bound = strcasecmp(type, "DPoP") == 0;
	if (token->bound && token->dpop_key)
		return STATUS_OK;
	if (token->bound || strcasecmp(type, "Bearer") != 0)
		return fail(STATUS_PROTOCOL, "signing in: Okta gave a token of type %s, which was not asked for", type);
	if (token->mode == DPOP_REQUIRE && !token->accept_any)
		return fail(STATUS_REFUSED, "signing in: Okta gave a plain token though --dpop=require: tick \"Require Demonstrating "
			"Proof of Possession (DPoP) header in token requests\" in the app's General tab");
	return STATUS_OK;
}

int token_read_answer(struct token *token, struct slice body)
{
	cJSON *tree = cJSON_ParseWithLength(body.data ? body.data : "", body.length);
	const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, "access_token"));
	const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, "token_type"));
	const char *scope = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, "scope"));
	const cJSON *expires = cJSON_GetObjectItemCaseSensitive(tree, "expires_in");
	double seconds = cJSON_IsNumber(expires) ? expires->valuedouble : 3600;
	int status;

	if (seconds < SHORTEST_LIFE_SECONDS) {
		status = fail(STATUS_PROTOCOL, "signing in: Okta gave a token that ends after %.0f s: nothing can be read with it; try again later", seconds);
		goto out;
	}
	if (!value || !*value || !type || strpbrk(value, "\r\n ")) {
		status = fail(STATUS_PROTOCOL, "signing in: the answer is no token: is the org URL the address of an Okta org?");
		goto out;
	}
	free(token->scopes);
	token->scopes = scope ? memory_copy_string(scope) : NULL;
	status = token->accept_any ? STATUS_OK : check_scopes(scope);
	if (!status)
		status = check_type(token, type);
	if (status)
		goto out;
	buffer_wipe(&token->value);
	buffer_add_string(&token->value, value);
	token->generation++;
	token->renew_at = monotonic_now() + (seconds > 2 * RENEW_EARLY_SECONDS ? seconds - RENEW_EARLY_SECONDS : seconds / 2);
	debug("signed in: %s token for %.0f s", type, seconds);
out:
	cJSON_Delete(tree);
	return status;
}

bool token_authorize(struct token *token, const char *method, const char *url,
	struct buffer *authorization, struct buffer *proof_header)
{
	buffer_add_string(authorization, token->ssws ? "Authorization: SSWS " : token->bound
		? "Authorization: DPoP " : "Authorization: Bearer ");
	buffer_add(authorization, token->value.data, token->value.length);
	if (!token->bound)
		return true;
	buffer_add_string(proof_header, "DPoP: ");
	return dpop_proof_add(proof_header, token->dpop_key, method, url,
		(long long)server_clock_now(token->clock) - PROOF_AGE_SECONDS, token->api_nonce,
		buffer_string(&token->value));
}

void token_keep_nonce(struct token *token, bool from_api, const char *nonce)
{
	char **kept = from_api ? &token->api_nonce : &token->token_nonce;

	if (!nonce || !*nonce || strlen(nonce) > NONCE_LIMIT)
		return;
	free(*kept);
	*kept = memory_copy_string(nonce);
}
