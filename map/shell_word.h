/*
 * Words of commands that a message quotes: what a reader copies into a shell
 * must arrive there as one word.
 */
#ifndef SHELL_WORD_H
#define SHELL_WORD_H

#include "buffer.h"

/* Appends the text as one word of a POSIX shell, in quotes if needed. */
void shell_word_add(struct buffer *command, const char *text);

#endif
