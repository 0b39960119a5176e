/*
 * What qsort does, without the memory that it takes: as much again as what it sorts.
 */
#ifndef SORT_IN_PLACE_H
#define SORT_IN_PLACE_H

#include <stddef.h>

enum { SORT_IN_PLACE_MOST = 64 }; /* bytes of an item */

/* compare as for qsort. */
void sort_in_place(void *items, size_t count, size_t size, int (*compare)(const void *left, const void *right));

#endif
