/*
 * Upper and lower case by code point, in order; letter_case_tables.c is written
 * by make_letter_tables.mjs.
 */
#ifndef LETTER_CASE_TABLES_H
#define LETTER_CASE_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* The lower case of first, first + step, ... last is so far from each. */
struct letter_run {
	int32_t first, last, step, offset;
};

struct letter_range {
	int32_t first, last;
};

extern const struct letter_run lower_runs[];
extern const struct letter_range cased_ranges[], ignorable_ranges[];
extern const size_t lower_run_count, cased_range_count, ignorable_range_count;

#endif
