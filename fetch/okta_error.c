#include "okta_error.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "exit_status.h"
#include "message.h"

struct remedy {
	const char *error;  /* OAuth error or Okta's errorCode */
	const char *words;  /* found in the description; NULL: any */
	int status;
	const char *text;   /* what to do */
};

/* The first that fits is taken. */
static const struct remedy token_remedies[] = {
	{"use_dpop_nonce", NULL, STATUS_PROTOCOL, "Okta asks for a new nonce again and again; try later"},
	{"invalid_dpop_proof", "header is missing", STATUS_REFUSED,
		"the app requires DPoP; leave out --dpop=off"},
	{"invalid_dpop_proof", "issued", STATUS_REFUSED, "set this machine's clock (NTP)"},
	{"invalid_dpop_proof", NULL, STATUS_REFUSED, "is a proxy changing the address or the headers?"},
	{"invalid_client", "kid", STATUS_REFUSED,
		"compare the key ID with the app's General tab > Public Keys in Okta's admin console"},
	{"invalid_client", "signature", STATUS_REFUSED,
		"the private key does not belong to the key ID; compare both with the app's General tab > Public Keys"},
	{"invalid_client", "JWKS", STATUS_REFUSED,
		"add the public key in the app's General tab > Client Credentials > Public Keys"},
	{"invalid_client", "audience", STATUS_REFUSED, "the org URL must be the address that Okta itself uses"},
	{"invalid_client", "already been used", STATUS_PROTOCOL, "try again"},
	{"invalid_client", "expire", STATUS_REFUSED, "set this machine's clock (NTP)"},
	{"invalid_client", "issued", STATUS_REFUSED, "set this machine's clock (NTP)"},
	{"invalid_client", "private_key_jwt", STATUS_REFUSED,
		"set the app's General tab > Client Credentials to \"Public key / Private key\""},
	{"invalid_client", "secret", STATUS_REFUSED,
		"set the app's General tab > Client Credentials to \"Public key / Private key\""},
	{"invalid_client", "application_type", STATUS_REFUSED,
		"create an app integration of type \"API Services\" and use its client ID"},
	{"invalid_client", NULL, STATUS_REFUSED,
		"compare org URL and client ID with the app's General tab; is the app active?"},
	{"consent_required", NULL, STATUS_REFUSED,
		"grant okta.users.read and okta.groups.read in the app's Okta API Scopes tab"},
	{"invalid_scope", NULL, STATUS_REFUSED,
		"grant okta.users.read and okta.groups.read in the app's Okta API Scopes tab"},
	{"unauthorized_client", NULL, STATUS_REFUSED, "create an app integration of type \"API Services\""},
	{"unsupported_grant_type", NULL, STATUS_REFUSED, "create an app integration of type \"API Services\""},
	{"access_denied", "network zone", STATUS_REFUSED, "allow this machine's address in the app's network zones"},
	{"access_denied", NULL, STATUS_REFUSED, "look at the app's sign-on policy and at Okta's System Log"},
	{"server_error", NULL, STATUS_UNAVAILABLE, "Okta has trouble; try again later"},
	{"temporarily_unavailable", NULL, STATUS_UNAVAILABLE, "Okta has trouble; try again later"},
};

static const struct remedy api_remedies[] = {
	{"insufficient_scope", NULL, STATUS_REFUSED,
		"grant okta.users.read and okta.groups.read in the app's Okta API Scopes tab"},
	{"invalid_token", NULL, STATUS_REFUSED, "the token is refused, also a new one; is the app still active?"},
	{"invalid_dpop_proof", "issued", STATUS_REFUSED, "set this machine's clock (NTP)"},
	{"invalid_dpop_proof", NULL, STATUS_REFUSED, "is a proxy changing the address or the headers?"},
	{"invalid_request", "DPoP", STATUS_REFUSED, "is a proxy changing the headers?"},
	{"E0000005", NULL, STATUS_REFUSED, "this org does not take the app's token; check the org URL and the scopes"},
	{"E0000006", NULL, STATUS_REFUSED,
		"assign the app an admin role (Admin roles tab) with \"View users and their details\" and "
		"\"View groups and their details\" on a resource set with the users and groups"},
	{"E0000007", NULL, STATUS_REFUSED, "it is gone, or outside the app's resource set"},
	{"E0000008", NULL, STATUS_CONFIG, "is the org URL the address of an Okta org?"},
	{"E0000011", NULL, STATUS_REFUSED, "the token is wrong, expired or of another org"},
	{"E0000031", NULL, STATUS_CONFIG, "mend the search expression"},
	{"E0000047", NULL, STATUS_LATER, "try later, or raise the app's share on its Application rate limits tab"},
	{"E0000094", NULL, STATUS_CONFIG, "mend the search expression"},
	{"E0000145", NULL, STATUS_REFUSED, "users of the org do not fit its schema; an administrator must mend them"},
	{"E0000256", NULL, STATUS_CONFIG, "shorten the search expression"},
};

struct parsed {
	cJSON *tree;
	const char *error, *description;
};

static const char *string_member(const cJSON *tree, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, name));
}

static struct parsed parse(struct slice body)
{
	struct parsed parsed = {NULL, NULL, NULL};
	const cJSON *cause;

	if (body.length)
		parsed.tree = cJSON_ParseWithLength(body.data, body.length);
	parsed.error = string_member(parsed.tree, "error");
	parsed.description = string_member(parsed.tree, "error_description");
	if (!parsed.error) {
		parsed.error = string_member(parsed.tree, "errorCode");
		parsed.description = string_member(parsed.tree, "errorSummary");
		cause = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(parsed.tree, "errorCauses"), 0);
		if (string_member(cause, "errorSummary"))
			parsed.description = string_member(cause, "errorSummary");
	}
	return parsed;
}

bool okta_error_is(struct slice body, const char *name)
{
	struct parsed parsed = parse(body);
	bool is = parsed.error && strcmp(parsed.error, name) == 0;

	cJSON_Delete(parsed.tree);
	return is;
}

bool okta_error_has_code(struct slice body)
{
	struct parsed parsed = parse(body);
	bool has = parsed.error != NULL;

	cJSON_Delete(parsed.tree);
	return has;
}

struct slice okta_challenge_parameter(const char *header, const char *name)
{
	size_t length = strlen(name);
	bool quoted = false;

	for (const char *p = header; p && *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		if (quoted || strncmp(p, name, length) != 0 || p[length] != '=' || p[length + 1] != '"')
			continue;
		if (p == header || p[-1] == ' ' || p[-1] == ',') {
			const char *start = p + length + 2, *end = strchr(start, '"');

			return end ? slice_of(start, (size_t)(end - start)) : slice_of(NULL, 0);
		}
	}
	return slice_of(NULL, 0);
}

static const struct remedy *find(const struct remedy *remedies, size_t count, struct slice error, struct slice description)
{
	for (size_t i = 0; i < count; i++) {
		const char *words = remedies[i].words;
		bool fits = !words;

		if (!slice_equals(error, remedies[i].error))
			continue;
		for (size_t at = 0; !fits && at + strlen(words) <= description.length; at++)
			fits = memcmp(description.data + at, words, strlen(words)) == 0;
		if (fits)
			return &remedies[i];
	}
	return NULL;
}

static int redirected(const struct okta_failure *failure, const char *what,
	int status)
{
	return fail(status, "%s: redirected to %s, which is not followed: set "
		"the org URL to where Okta answers itself", what,
		failure->location ? failure->location : "another place");
}

/* An answer that is none of Okta's: a proxy, a block page, another kind of server. */
static int not_oktas(const struct okta_failure *failure, const char *what)
{
	int status = failure->status >= 500 ? STATUS_UNAVAILABLE : STATUS_PROTOCOL;

	if (failure->status / 100 == 3)
		return redirected(failure, what, STATUS_PROTOCOL);
	if (failure->status == 429)
		return fail(STATUS_LATER, "%s: still too many requests (HTTP 429): try later, or at another time of day", what);
	if (failure->status == 414 || failure->status == 431)
		return fail(STATUS_CONFIG, "%s: HTTP %ld, the request is too long: shorten the search expression, or the group's name", what,
			failure->status);
	if (failure->status == 404)
		return fail(STATUS_CONFIG, "%s: not found (HTTP 404): is the org URL the address of an Okta org?", what);
	return fail(status, "%s: HTTP %ld%s%s%s%s: %s", what, failure->status,
		failure->content_type ? ", " : "", failure->content_type ? failure->content_type : "",
		failure->request_id ? ", request " : "", failure->request_id ? failure->request_id : "",
		status == STATUS_UNAVAILABLE ? "Okta, or a proxy before it, has trouble; try again later"
			: "no answer of Okta's; is a proxy between?");
}

static int refused(const struct okta_failure *failure, const char *what, const struct remedy *remedies, size_t count,
	struct slice error, struct slice description)
{
	const struct remedy *remedy = error.data ? find(remedies, count, error, description) : NULL;
	char request[80] = "";

	if (!error.data)
		return not_oktas(failure, what);
	if (failure->request_id)
		snprintf(request, sizeof request, ", request %s", failure->request_id);
	if (remedy)
		return fail(remedy->status, "%s: Okta says \"%.*s\" (%.*s%s): %s", what, SLICE_ARG(description),
			SLICE_ARG(error), request, remedy->text);
	if (failure->status == 429)
		return fail(STATUS_LATER, "%s: Okta says \"%.*s\" (HTTP 429, %.*s%s): try later, or raise the app's share on its Application rate "
			"limits tab", what, SLICE_ARG(description), SLICE_ARG(error), request);
	return fail(failure->status >= 500 ? STATUS_UNAVAILABLE : failure->status == 401 || failure->status == 403
		? STATUS_REFUSED : STATUS_PROTOCOL, "%s: Okta says \"%.*s\" (HTTP %ld, %.*s%s)", what,
		SLICE_ARG(description), failure->status, SLICE_ARG(error), request);
}

int okta_token_refused(const struct okta_failure *failure)
{
	struct parsed parsed = parse(failure->body);
	int status;

	/* Before anything was read, the org URL is at fault, not a page. */
	if (failure->status / 100 == 3)
		status = redirected(failure, "signing in", STATUS_CONFIG);
	else
		status = refused(failure, "signing in", token_remedies,
			sizeof token_remedies / sizeof *token_remedies,
			slice_of_string(parsed.error),
			slice_of_string(parsed.description));
	cJSON_Delete(parsed.tree);
	return status;
}

int okta_api_refused(const struct okta_failure *failure, const char *what)
{
	struct parsed parsed = parse(failure->body);
	struct slice error = slice_of_string(parsed.error), description = slice_of_string(parsed.description);
	int status;

	if (!error.data && failure->www_authenticate) {
		error = okta_challenge_parameter(failure->www_authenticate, "error");
		description = okta_challenge_parameter(failure->www_authenticate, "error_description");
	}
	status = refused(failure, what, api_remedies, sizeof api_remedies / sizeof *api_remedies, error, description);
	cJSON_Delete(parsed.tree);
	return status;
}
