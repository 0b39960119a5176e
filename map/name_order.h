/*
 * Holders in the order of their names.
 */
#ifndef NAME_ORDER_H
#define NAME_ORDER_H

#include "directory.h"

/* Sorts holders (name_book.h) in place by their names without case, which all differ. Takes 16 bytes each while it does. */
void name_order_sort(const struct parties *parties, uint32_t *holders, uint32_t count);

/* The parties that have an entity, in the order of their names; parties->count of them. free() it. */
uint32_t *name_order(const struct parties *parties);

#endif
