/* The parts of a compact JWS, for tests that look into one. */
#ifndef READ_JWT_H
#define READ_JWT_H

#include <cjson/cJSON.h>

#include "fetch/base64url.h"

/* Part 0 is the header, 1 the payload. cJSON_Delete it. */
static cJSON *read_jwt(struct buffer *jwt, int part)
{
	const char *text = buffer_string(jwt);
	struct buffer json = BUFFER_EMPTY;
	cJSON *tree;

	for (; part; part--)
		text = strchr(text, '.') + 1;
	assert_true(base64url_decode(slice_of(text, strcspn(text, ".")), &json));
	tree = cJSON_Parse(buffer_string(&json));
	assert_non_null(tree);
	buffer_free(&json);
	return tree;
}

static const char *claim(const cJSON *tree, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, name));
}

#endif
