/*
 * Command-line options from a table; --help is printed from the same table. On top of the table
 * every program has --help, --version, -q/--quiet, -v/--verbose and --log-format text|json.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_type {
	OPTION_FLAG,   /* target: bool *, set to true */
	OPTION_STRING, /* target: const char **, points into argv or the environment */
	OPTION_LIST,   /* target: struct option_list *, each use appends */
	OPTION_NUMBER, /* target: long *, between minimum and maximum */
	OPTION_CHOICE, /* target: int *, index into choices */
	OPTION_CALL    /* call(target, value) parses it; a message of its own and an exit status when it is wrong */
};

struct option_list {
	const char **items; /* free() it */
	size_t count;
};

struct option_entry {
	const char *name;        /* without the dashes */
	char letter;             /* 0: none */
	const char *environment; /* used when the option was not given (never for FLAG and LIST); NULL: none */
	enum option_type type;
	void *target;
	const char *argument;    /* how --help calls the value: "FILE" */
	const char *help;        /* one line */
	long minimum, maximum;
	const char *const *choices; /* NULL-terminated */
	int (*call)(void *target, const char *value);
};

struct option_program {
	const char *name;     /* okta-map */
	const char *synopsis; /* "[OPTION...] [FILE]" */
	const char *summary;  /* what it does, a line or two */
	const char *see;      /* last line of --help: "Manual: okta-map(1)" */
	const struct option_entry *entries;
	size_t count;
};

enum { OPTIONS_GO_ON = -1 };

/*
 * Reads the options. OPTIONS_GO_ON: go on, *first_operand is the index of the first operand in argv (which
 * is permuted, operands last). Anything else is the exit status to end with: 0 after --help and --version,
 * STATUS_USAGE after a message.
 */
int options_read(const struct option_program *program, int argc, char **argv, int *first_operand);

#endif
