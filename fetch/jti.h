/*
 * The jti claim of a JWT (RFC 7519 section 4.1.7): never the same twice.
 */
#ifndef JTI_H
#define JTI_H

#include <stdbool.h>

#include "buffer.h"

enum { JTI_BYTES = 16 }; /* 128 random bits; Okta asks for 96 */

/* Appends a fresh one, base64url. False after a message. */
bool jti_add(struct buffer *text);

#endif
