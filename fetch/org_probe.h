/*
 * Asks an Okta org for its own description, which needs no token, and takes
 * the org's id from it. A run and --check both begin with this request.
 */
#ifndef ORG_PROBE_H
#define ORG_PROBE_H

#include <stdbool.h>

#include "client.h"

enum { ORG_ID_LIMIT = 64 };

struct org_probe {
	struct request request; /* org_probe.c's own */
	struct buffer body;
	struct retry retry;
	bool patient;

	bool done;      /* an answer came that decides */
	char id[ORG_ID_LIMIT + 1]; /* "" unless an org described itself */
	long http;      /* status of the last answer */
	char *location; /* where that answer redirects to, or NULL */
};

/*
 * Sends the request to the client's origin. The probe must be zeroed, and
 * stay where it is until it is done or the run has ended.
 *
 * patient: an answer that does not describe an org is asked for again, as a
 * proxy's passing page is; the last one ends the run (76), a redirect does so
 * at once (78). Not patient: every answer decides, and the caller looks at id,
 * http and location.
 *
 * While the client has no token, a failed request waits for the sign-in before
 * its next try, so that a network that is down is reported by the sign-in.
 */
void org_probe_start(struct org_probe *probe, struct client *client,
	bool patient);

/* Is the org that described itself the one of that Okta id? NULL: any is. */
bool org_probe_is_expected(const struct org_probe *probe, const char *id);

void org_probe_free(struct org_probe *probe);

#endif
