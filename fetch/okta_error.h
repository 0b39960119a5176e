/*
 * Okta's refusals as sentences about the step of the set-up guide that is missing. Okta's catalogue:
 * developer.okta.com/docs/reference/error-codes. Each function prints one line and gives the exit status.
 */
#ifndef OKTA_ERROR_H
#define OKTA_ERROR_H

#include "slice.h"

/* What an answer of Okta said about a failure; strings may be NULL and belong to the caller. */
struct okta_failure {
	long status;                  /* HTTP */
	struct slice body;
	const char *www_authenticate; /* OAuth failures at the API come with this header and no body */
	const char *request_id;       /* X-Okta-Request-Id */
	const char *location;         /* of a redirect */
	const char *content_type;
};

/* The token endpoint refused. */
int okta_token_refused(const struct okta_failure *failure);

/* The API refused the request called what ("the list of users", "the members of group X"). */
int okta_api_refused(const struct okta_failure *failure, const char *what);

/*
 * The value of a parameter of a WWW-Authenticate header (error="...", RFC 9110 section 11.6.1); data NULL when
 * it has none.
 */
struct slice okta_challenge_parameter(const char *header, const char *name);

/* Is it the error of an error body: "error" of the token endpoint, "errorCode" of the API? */
bool okta_error_has_code(struct slice body);
bool okta_error_is(struct slice body, const char *name);

#endif
