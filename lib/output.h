/*
 * Checked output to a file descriptor, buffered. Standard output's reader being gone ends the program
 * by SIGPIPE, in silence (also where SIGPIPE was inherited ignored); any other failing write is
 * reported once and remembered.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output;

/*
 * A standard descriptor that was closed by who started the program gets /dev/null, so that no file or socket takes its place;
 * output to it fails as to a closed one. Call first in main.
 */
void output_claim_descriptors(void);

/* Restores SIGPIPE's default action. Call at the start of main. */
void output_default_sigpipe(void);

/* Writes to fd, which stays the caller's; name is for messages ("standard output", or the path; kept, not copied). */
struct output *output_open(int fd, const char *name);

/* Appends; false when writing failed now or before (already reported). */
bool output_write(struct output *output, const void *bytes, size_t length);
bool output_string(struct output *output, const char *string);
bool output_flush(struct output *output);

/* Flushes and frees. 0, or STATUS_IO when any write failed. NULL gives 0. */
int output_close(struct output *output);

#endif
