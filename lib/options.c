#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "quantity.h"
#include "version.h"

/* What every program has; their values stand above any character in getopt_long's result. */
enum { COMMON_HELP = 1000, COMMON_VERSION, COMMON_LOG_FORMAT, COMMON_COUNT = 5, ENTRY_BASE = 2000 };

static const struct option common[COMMON_COUNT] = {
	{"help", no_argument, NULL, COMMON_HELP},
	{"version", no_argument, NULL, COMMON_VERSION},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"log-format", required_argument, NULL, COMMON_LOG_FORMAT},
};

static void print_entry(const struct option_entry *entry)
{
	char left[64];

	if (entry->letter)
		snprintf(left, sizeof left, "-%c, --%s%s%s", entry->letter, entry->name,
			entry->argument ? " " : "", entry->argument ? entry->argument : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", entry->name, entry->argument ? " " : "",
			entry->argument ? entry->argument : "");
	printf("  %-30s %s", left, entry->help);
	if (entry->environment)
		printf(" [%s]", entry->environment);
	putchar('\n');
}

static int print_help(const struct option_program *program)
{
	printf("Usage: %s %s\n%s\n\n", program->name, program->synopsis, program->summary);
	for (size_t i = 0; i < program->count; i++)
		print_entry(&program->entries[i]);
	puts("  -q, --quiet                    errors only");
	puts("  -v, --verbose                  say more");
	puts("      --log-format text|json     messages as JSON objects");
	puts("      --help, --version");
	if (program->see)
		printf("\n%s\n", program->see);
	return fflush(stdout) == 0 && !ferror(stdout) ? STATUS_OK
		: fail(STATUS_IO, "standard output cannot be written");
}

static int wrong_value(const struct option_entry *entry, const char *value, const char *expected)
{
	return fail(STATUS_USAGE, "--%s %s: expected %s", entry->name, value, expected);
}

static int set_choice(const struct option_entry *entry, const char *value)
{
	char expected[200] = "";
	size_t used = 0;

	for (int i = 0; entry->choices[i]; i++) {
		if (strcmp(entry->choices[i], value) == 0) {
			*(int *)entry->target = i;
			return STATUS_OK;
		}
		used += (size_t)snprintf(expected + used, sizeof expected - used, "%s%s",
			i == 0 ? "" : entry->choices[i + 1] ? ", " : " or ", entry->choices[i]);
		if (used >= sizeof expected)
			used = sizeof expected - 1;
	}
	return wrong_value(entry, value, expected);
}

static int set_number(const struct option_entry *entry, const char *value)
{
	char expected[80];

	if (quantity_number(value, entry->minimum, entry->maximum, entry->target))
		return STATUS_OK;
	snprintf(expected, sizeof expected, "a number from %ld to %ld", entry->minimum, entry->maximum);
	return wrong_value(entry, value, expected);
}

static int set(const struct option_entry *entry, const char *value)
{
	struct option_list *list;

	switch (entry->type) {
	case OPTION_FLAG:
		*(bool *)entry->target = true;
		return STATUS_OK;
	case OPTION_STRING:
		*(const char **)entry->target = value;
		return STATUS_OK;
	case OPTION_LIST:
		list = entry->target;
		list->items = memory_resize(list->items, list->count + 1, sizeof *list->items);
		list->items[list->count++] = value;
		return STATUS_OK;
	case OPTION_NUMBER: return set_number(entry, value);
	case OPTION_CHOICE: return set_choice(entry, value);
	case OPTION_CALL: return entry->call(entry->target, value);
	}
	return STATUS_USAGE;
}

/* An empty variable counts as not set, as everywhere in a shell's life. */
static int read_environment(const struct option_program *program, const bool *given)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct option_entry *entry = &program->entries[i];
		const char *value = entry->environment && !given[i] ? getenv(entry->environment) : NULL;
		int status = value && *value ? set(entry, value) : STATUS_OK;

		if (status)
			return status;
	}
	return STATUS_OK;
}

static int common_option(const struct option_program *program, int option)
{
	switch (option) {
	case COMMON_HELP: return print_help(program);
	case COMMON_VERSION:
		printf("%s %s\n", program->name, OKTA_CATALOG_VERSION);
		return fflush(stdout) == 0 ? STATUS_OK : STATUS_IO;
	case 'q': message_threshold(MESSAGE_ERROR); return OPTIONS_GO_ON;
	case 'v': message_threshold(MESSAGE_DEBUG); return OPTIONS_GO_ON;
	case COMMON_LOG_FORMAT:
		if (strcmp(optarg, "json") != 0 && strcmp(optarg, "text") != 0)
			return fail(STATUS_USAGE, "--log-format %s: expected text or json", optarg);
		message_use_json(optarg[0] == 'j');
		return OPTIONS_GO_ON;
	default: return STATUS_USAGE;
	}
}

/* getopt's own messages are switched off: they would not follow --log-format. */
static int unknown_option(const struct option_program *program, int option, char **argv)
{
	const char *word = argv[optind - 1];

	if (option == ':')
		return fail(STATUS_USAGE, "%s needs a value; see %s --help", word, program->name);
	if (optopt && optopt < COMMON_HELP)
		return fail(STATUS_USAGE, "unknown option -%c; see %s --help", optopt, program->name);
	return fail(STATUS_USAGE, "unknown or ambiguous option %s, or a value too many; see %s --help", word, program->name);
}

static size_t index_of(const struct option_program *program, int option)
{
	if (option >= ENTRY_BASE)
		return (size_t)(option - ENTRY_BASE);
	for (size_t i = 0; i < program->count; i++)
		if (program->entries[i].letter == option)
			return i;
	return program->count;
}

static void build(const struct option_program *program, struct option *options, char *letters)
{
	size_t used = 0;

	letters[used++] = ':';
	letters[used++] = 'q';
	letters[used++] = 'v';
	memcpy(options, common, sizeof common);
	for (size_t i = 0; i < program->count; i++) {
		const struct option_entry *entry = &program->entries[i];
		bool argument = entry->type != OPTION_FLAG;

		options[COMMON_COUNT + i] = (struct option){entry->name,
			argument ? required_argument : no_argument, NULL, ENTRY_BASE + (int)i};
		if (entry->letter)
			letters[used++] = entry->letter;
		if (entry->letter && argument)
			letters[used++] = ':';
	}
	letters[used] = '\0';
}

int options_read(const struct option_program *program, int argc, char **argv, int *first_operand)
{
	struct option *options = memory_alloc((COMMON_COUNT + program->count + 1) * sizeof *options);
	char *letters = memory_alloc(4 + 2 * program->count);
	bool *given = memory_alloc(program->count);
	int option, status = OPTIONS_GO_ON;

	build(program, options, letters);
	opterr = 0;
	while (status == OPTIONS_GO_ON && (option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		size_t i;

		if (option == '?' || option == ':') {
			status = unknown_option(program, option, argv);
		} else if ((i = index_of(program, option)) < program->count) {
			given[i] = true;
			status = set(&program->entries[i], optarg);
			if (status == STATUS_OK)
				status = OPTIONS_GO_ON;
		} else {
			status = common_option(program, option);
		}
	}
	if (status == OPTIONS_GO_ON) {
		status = read_environment(program, given);
		if (status == STATUS_OK)
			status = OPTIONS_GO_ON;
	}
	*first_operand = optind;
	free(options);
	free(letters);
	free(given);
	return status;
}
