#include "whole_json.h"

struct slice whole_json_string(struct whole_json *json)
{
	const char *start = json->at, *p = start;

	while (*p != '"')
		p += *p == '\\' ? 2 : 1;
	json->at = p + 1;
	return slice_of(start, (size_t)(p - start));
}

struct slice whole_json_word(struct whole_json *json)
{
	const char *start = json->at, *p = start;

	while (p < json->end && !memchr(",]} \n\t\r", *p, 7))
		p++;
	json->at = p;
	return slice_of(start, (size_t)(p - start));
}
