/*
 * Reads a secret (a private key, an SSWS token) from where its option or variable says. The bytes go
 * into a buffer that the caller ends with buffer_wipe; no message shows any of them.
 *
 * White space around it (spaces, tabs, CR, LF; a token file ends with a line feed) and a byte order
 * mark are no part of a secret and are taken off; white space within stays.
 */
#ifndef SECRET_H
#define SECRET_H

#include "buffer.h"

enum { SECRET_LIMIT = 1024 * 1024 };

/*
 * Reads the secret named by an option: a FILE or "-" (standard input, to its end). what is how messages
 * call it ("--key-file"). 0, or the exit status after a message: STATUS_CONFIG for one that is not
 * there, cannot be read, is empty or has more than SECRET_LIMIT bytes.
 */
int secret_read_file(const char *path, const char *what, struct buffer *secret);

/*
 * The value of an environment variable: the secret itself, or a path when it looks like one (starts
 * with "/", "./" or "../", ends like a key file's name, or names a file that is there). what is the
 * variable's name. As above.
 */
int secret_from_environment(const char *value, const char *what, struct buffer *secret);

#endif
