/*
 * The lines of okta-fetch --check: "ok    step: text", or one JSON object a line with --log-format json.
 */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include "message.h"

/* Prints a step; status 0: ok, with what was found. Keeps the first status that is not 0 for check_report_status. */
void check_report(int status, const char *step, const char *format, ...) MESSAGE_FORMAT(3, 4);

/* A step that was not tried, because of one before it. */
void check_report_skip(const char *step);

/* The status of the first step that failed; or of standard output, when it cannot be written. */
int check_report_status(void);

#endif
