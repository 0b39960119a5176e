/*
 * A failing OpenSSL call, for people.
 */
#ifndef CRYPTO_ERROR_H
#define CRYPTO_ERROR_H

#include <stdbool.h>

/* Prints "doing: OpenSSL's reason" (STATUS_INTERNAL), empties OpenSSL's queue of errors, gives false. */
bool crypto_failed(const char *doing);

#endif
