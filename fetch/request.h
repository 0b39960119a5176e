/*
 * One request to its final answer: credentials, nonces, a new token on a 401, and what is worth another try.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "client.h"

/* Sends a request, which the caller has taken from the queue. */
void request_start(struct request *request);

#endif
