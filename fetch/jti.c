#include "jti.h"

#include <openssl/rand.h>

#include "base64url.h"
#include "crypto_error.h"

bool jti_add(struct buffer *text)
{
	unsigned char bytes[JTI_BYTES];

	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return crypto_failed("drawing random numbers");
	base64url_encode(text, bytes, sizeof bytes);
	return true;
}
