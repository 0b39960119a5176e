#include "assertion.h"

#include "jti.h"
#include "json_string.h"
#include "jws.h"

static void add_header(struct buffer *json, const struct private_key *key)
{
	buffer_add_format(json, "{\"alg\":\"%s\"", private_key_algorithm(key));
	if (private_key_id(key)) {
		buffer_add_string(json, ",\"kid\":");
		json_string_encode(json, slice_of_string(private_key_id(key)));
	}
	buffer_add_string(json, ",\"typ\":\"JWT\"}");
}

/* No iat: Okta does not ask for it, and refuses one that its clock has not reached yet. */
static bool add_claims(struct buffer *json, const char *client_id, const char *token_url, long long now)
{
	buffer_add_string(json, "{\"aud\":");
	json_string_encode(json, slice_of_string(token_url));
	buffer_add_string(json, ",\"iss\":");
	json_string_encode(json, slice_of_string(client_id));
	buffer_add_string(json, ",\"sub\":");
	json_string_encode(json, slice_of_string(client_id));
	buffer_add_format(json, ",\"exp\":%lld,\"jti\":\"", now + ASSERTION_LIFE_SECONDS);
	if (!jti_add(json))
		return false;
	buffer_add_string(json, "\"}");
	return true;
}

bool assertion_add(struct buffer *jwt, const struct private_key *key, const char *client_id, const char *token_url,
	long long now)
{
	struct buffer header = BUFFER_EMPTY, claims = BUFFER_EMPTY;
	bool good;

	add_header(&header, key);
	good = add_claims(&claims, client_id, token_url, now)
		&& jws_add(jwt, private_key_pkey(key), private_key_algorithm(key),
			slice_of(header.data, header.length), slice_of(claims.data, claims.length));
	buffer_free(&header);
	buffer_free(&claims);
	return good;
}
