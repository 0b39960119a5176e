#include "crypto_error.h"

#include <openssl/err.h>

#include "exit_status.h"
#include "message.h"

bool crypto_failed(const char *doing)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	fail(STATUS_INTERNAL, "%s failed within OpenSSL: %s", doing, reason ? reason : "no reason given");
	ERR_clear_error();
	return false;
}
