#include "ec_curve.h"

#include <openssl/core_names.h>

static const struct ec_curve curves[] = {
	{"prime256v1", "P-256", "ES256", 32},
	{"secp384r1", "P-384", "ES384", 48},
	{"secp521r1", "P-521", "ES512", 66},
};

enum { CURVE_COUNT = sizeof curves / sizeof curves[0] };

const struct ec_curve *ec_curve_of_crv(struct slice crv)
{
	for (size_t i = 0; i < CURVE_COUNT; i++)
		if (slice_equals(crv, curves[i].crv))
			return &curves[i];
	return NULL;
}

const struct ec_curve *ec_curve_of_key(const EVP_PKEY *pkey)
{
	char group[80];

	if (!EVP_PKEY_is_a(pkey, "EC") || !EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL))
		return NULL;
	for (size_t i = 0; i < CURVE_COUNT; i++)
		if (strcmp(group, curves[i].group) == 0)
			return &curves[i];
	return NULL;
}
