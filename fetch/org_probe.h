/*
 * Is there an Okta org at an address? Its own description tells, which needs no token.
 */
#ifndef ORG_PROBE_H
#define ORG_PROBE_H

#include "client.h"

struct org_probe {
	bool is_org;
	long http;      /* status of the answer; 0: none came */
	int status;     /* 0, or the exit status of a connection that failed again and again, after a message */
	char *location; /* where it redirects to, or NULL; free() it */
};

/* Asks the client's origin; its clock learns Okta's time. */
struct org_probe org_probe(struct client *client);

#endif
