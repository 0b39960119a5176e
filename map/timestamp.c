#include "timestamp.h"

#include <stdio.h>
#include <time.h>

enum { ORDER_DIGITS = 17 };

/* The number of days from 1970 to a date of the Gregorian calendar. */
static int64_t days_to(int year, int month, int day)
{
	int y = year - (month <= 2);
	int era = y / 400, year_of_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

bool timestamp_parse(struct slice text, uint32_t *seconds)
{
	int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
	char copy[40];
	int64_t all;

	if (text.length >= sizeof copy || text.length < 10)
		return false;
	snprintf(copy, sizeof copy, "%.*s", (int)text.length, text.data);
	if (sscanf(copy, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10)
		return false;
	if (copy[10]) {
		if (sscanf(copy + 10, "T%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 || used != 9)
			return false;
		if (copy[19] == '.')
			used += 1 + (int)strspn(copy + 20, "0123456789");
		if (strcmp(copy + 10 + used, "Z") != 0)
			return false;
	}
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
		return false;
	all = ((days_to(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
	*seconds = (uint32_t)all;
	return all <= UINT32_MAX;
}

void timestamp_format(uint32_t seconds, char text[TIMESTAMP_SIZE])
{
	time_t time = (time_t)seconds;
	struct tm parts;

	gmtime_r(&time, &parts);
	strftime(text, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

uint64_t timestamp_order(struct slice text)
{
	uint64_t order = 0;
	int digits = 0;

	for (size_t i = 0; i < text.length && digits < ORDER_DIGITS; i++)
		if (text.data[i] >= '0' && text.data[i] <= '9') {
			order = order * 10 + (uint64_t)(text.data[i] - '0');
			digits++;
		}
	for (; digits < ORDER_DIGITS; digits++)
		order *= 10;
	return order;
}
