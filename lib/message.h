/*
 * Messages to standard error: one line each, "program: text", or one JSON object a line
 * (time, level, program, message, exit). Bytes that a terminal must not see (control characters,
 * invalid UTF-8) are shown as \xNN, so text that came from outside may be printed as it is.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>

#if defined(__GNUC__)
#define MESSAGE_FORMAT(string, first) __attribute__((format(printf, string, first)))
#else
#define MESSAGE_FORMAT(string, first)
#endif

enum message_level { MESSAGE_ERROR, MESSAGE_WARNING, MESSAGE_NOTE, MESSAGE_DEBUG };

/* Names the program in every later message; the string is kept, not copied. Call it first. */
void message_program(const char *name);

/* The name given to message_program. */
const char *message_program_name(void);

/* JSON objects instead of lines of text (--log-format json). */
void message_use_json(bool json);

bool message_is_json(void);

/* The least important level that is still printed: MESSAGE_NOTE unless told (-q: ERROR, -v: DEBUG). */
void message_threshold(enum message_level level);

/* True when a message of this level would be printed. */
bool message_enabled(enum message_level level);

/*
 * Prints an error that ends the program, and gives back status, so that a function can
 * `return fail(STATUS_DATA, "line %zu: ...", n)`. The status is the member "exit" in JSON.
 */
int fail(int status, const char *format, ...) MESSAGE_FORMAT(2, 3);

void warn(const char *format, ...) MESSAGE_FORMAT(1, 2);
void note(const char *format, ...) MESSAGE_FORMAT(1, 2);
void debug(const char *format, ...) MESSAGE_FORMAT(1, 2);

struct buffer;

/*
 * While a buffer is set, the text of errors goes there (several joined with "; ") instead of standard error; NULL: back
 * to normal. For a report that quotes what went wrong.
 */
void message_divert(struct buffer *errors);

/*
 * Called before a message is printed, so that a progress line can clear itself; NULL for none.
 */
void message_before(void (*hook)(void));

#endif
