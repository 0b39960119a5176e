#include "quantity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	double seconds;
} units[] = {
	{"", 1}, {"ms", 0.001}, {"s", 1}, {"sec", 1}, {"second", 1}, {"seconds", 1}, {"m", 60},
	{"min", 60}, {"minute", 60}, {"minutes", 60}, {"h", 3600}, {"hour", 3600}, {"hours", 3600},
	{"d", 86400}, {"day", 86400}, {"days", 86400}, {"w", 604800}, {"week", 604800}, {"weeks", 604800},
};

bool quantity_duration(const char *text, double *seconds)
{
	size_t digits = strspn(text, "0123456789.");
	char *end;
	double value;

	if (digits == 0)
		return false;
	value = strtod(text, &end);
	if (end != text + digits)
		return false;
	end += strspn(end, " ");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcasecmp(end, units[i].name) == 0) {
			*seconds = value * units[i].seconds;
			return *seconds > 0;
		}
	return false;
}

bool quantity_number(const char *text, long minimum, long maximum, long *value)
{
	char *end;
	size_t length = strlen(text);

	if (length == 0 || strspn(text, "0123456789") != length)
		return false;
	errno = 0;
	*value = strtol(text, &end, 10);
	return errno == 0 && *value >= minimum && *value <= maximum;
}

bool quantity_count_or_share(const char *text, long *count, bool *is_share)
{
	size_t digits = strspn(text, "0123456789");
	char number[20];

	*is_share = strcmp(text + digits, "%") == 0;
	if (digits == 0 || digits >= sizeof number || (text[digits] && !*is_share))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	return quantity_number(number, 0, *is_share ? 100 : 1000000000L, count);
}
