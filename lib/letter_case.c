#include "letter_case.h"

#include "letter_case_tables.h"

int32_t letter_lower(int32_t c)
{
	size_t low = 0, high = lower_run_count;

	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct letter_run *run = &lower_runs[middle];

		if (c > run->last)
			low = middle + 1;
		else if (c < run->first)
			high = middle;
		else
			return (c - run->first) % run->step
				? c : c + run->offset;
	}
	return c;
}

static bool is_in(const struct letter_range *ranges, size_t count, int32_t c)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (c > ranges[middle].last)
			low = middle + 1;
		else if (c < ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

bool letter_is_cased(int32_t c)
{
	return is_in(cased_ranges, cased_range_count, c);
}

bool letter_is_ignorable(int32_t c)
{
	return is_in(ignorable_ranges, ignorable_range_count, c);
}
