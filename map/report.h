/*
 * What was left out, and what a filter took away, in lines for people.
 */
#ifndef REPORT_H
#define REPORT_H

#include "intake.h"

/* pruned: groups left out because they are empty. */
void report(const struct directory *directory, const struct intake *intake, uint32_t pruned);

#endif
