#include "settings.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit_status.h"
#include "format.h"
#include "message.h"
#include "quantity.h"
#include "sign_in.h"
#include "split.h"

enum { MOST_INPUTS = 60000 };

static int set_max_removals(void *target, const char *value)
{
	struct settings *settings = target;

	settings->max_given = true;
	if (quantity_count_or_share(value, &settings->max_removals, &settings->max_is_share))
		return STATUS_OK;
	return fail(STATUS_USAGE, "--max-removals %s: expected a number or a share such as 10%%", value);
}

/* Is it one file, whatever it is called? One that is not there yet is told by its name alone. */
static bool same_file(const char *a, const char *b)
{
	struct stat one, two;

	if (!a || !b)
		return false;
	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

/* What would be replaced must be nothing else that is read or written. */
static int check_files(const struct settings *settings)
{
	const struct {
		const char *option, *path;
	} named[] = {{"-o", settings->output}, {"--base", settings->base}, {"--summary-file", settings->summary_file}};
	struct stat there;

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].path && !*named[i].path)
			return fail(STATUS_USAGE, "%s: a file name is missing: is a variable empty?", named[i].option);
	if (settings->output && stat(settings->output, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
		return fail(STATUS_CREATE, "%s: is no regular file, and it would be replaced by one: leave out -o, and use a pipe or > %s", settings->output,
			settings->output);
	if (settings->format == FORMAT_DELTA && settings->base_is_output)
		return fail(STATUS_USAGE, "--format delta would replace its own --base %s: give another -o", settings->base);
	if (!settings->summary_file)
		return STATUS_OK;
	if (strcmp(settings->summary_file, "-") == 0)
		return settings->output || settings->check ? STATUS_OK
			: fail(STATUS_USAGE, "--summary-file -: standard output is what is published: give a file, or publish with -o");
	if (same_file(settings->summary_file, settings->output) || same_file(settings->summary_file, settings->base))
		return fail(STATUS_USAGE, "--summary-file %s would replace the catalog: give another file", settings->summary_file);
	for (char **input = settings->inputs; *input; input++)
		if (same_file(settings->summary_file, *input))
			return fail(STATUS_USAGE, "--summary-file %s would replace an input: give another file", settings->summary_file);
	return STATUS_OK;
}

/* What the options say of each other. */
static int check_together(const struct settings *settings, int inputs)
{
	const char *problem;

	if (settings->format == FORMAT_DELTA && !settings->base)
		return fail(STATUS_USAGE, "--format delta needs --base FILE, what was published before");
	if (inputs > MOST_INPUTS)
		return fail(STATUS_USAGE, "more than %d files", MOST_INPUTS);
	if (!settings->parts)
		return STATUS_OK;
	if (!format_is_yaml((enum format)settings->format))
		return fail(STATUS_USAGE, "--split is for the formats that Backstage reads as files, yaml and yaml-flow");
	if (!settings->output)
		return fail(STATUS_USAGE, "--split needs -o FILE, the index of the parts");
	problem = split_path_problem(settings->output);
	return problem ? fail(STATUS_USAGE, "-o %s with --split: %s", settings->output, problem) : STATUS_OK;
}

int emit_settings_read(struct settings *settings, int argc, char **argv)
{
	static const char *const formats[] = {"yaml", "yaml-flow", "json", "ndjson", "mutation", "delta", NULL};
	const struct option_entry entries[] = {
		{"output", 'o', NULL, OPTION_STRING, &settings->output, "FILE", "publish FILE (standard output)", 0, 0, NULL, NULL},
		{"format", 'f', NULL, OPTION_CHOICE, &settings->format, "FORMAT", "yaml, yaml-flow, json, ndjson, mutation, delta", 0, 0, formats, NULL},
		{"base", 0, NULL, OPTION_STRING, &settings->base, "FILE", "what was published before (the output)", 0, 0, NULL, NULL},
		{"location-key", 0, NULL, OPTION_STRING, &settings->location_key, "KEY", "of mutation and delta (okta-catalog:ID)", 0, 0, NULL, NULL},
		{"split", 0, NULL, OPTION_NUMBER, &settings->parts, "N", "N parts, and FILE as their index", 1, SPLIT_MOST, NULL, NULL},
		{"max-removals", 0, NULL, OPTION_CALL, settings, "N|N%", "refuse when more would vanish (10%)", 0, 0, NULL, set_max_removals},
		{"max-taken-over", 0, NULL, OPTION_NUMBER,
			&settings->max_taken_over, "N",
			"names that may pass to another Okta id (0)",
			0, 1000000000L, NULL, NULL},
		{"require-base", 0, NULL, OPTION_FLAG, &settings->require_base, NULL, "refuse a first publication", 0, 0, NULL, NULL},
		{"force", 0, NULL, OPTION_FLAG, &settings->force, NULL, "let this run pass the guard", 0, 0, NULL, NULL},
		{"strict", 0, NULL, OPTION_FLAG, &settings->strict, NULL, "an entity that Backstage refuses is an error", 0, 0, NULL, NULL},
		{"check", 0, NULL, OPTION_FLAG, &settings->check, NULL, "judge, publish nothing", 0, 0, NULL, NULL},
		{"sign-in", 0, NULL, OPTION_CHOICE, &settings->sign_in,
			"RESOLVER", "count who cannot sign in: user-id, ...",
			0, 0, sign_in_names, NULL},
		{"summary-file", 0, NULL, OPTION_STRING, &settings->summary_file, "FILE", "the summary as JSON", 0, 0, NULL, NULL},
	};
	const struct option_program program = {
		"catalog-emit", "[OPTION...] [FILE...]", "Checks Backstage entities and publishes them as one file, or leaves it as it is.",
		"Manual: catalog-emit(1), the streams: okta-catalog(5)", entries, sizeof entries / sizeof *entries,
	};
	static char *standard_input[] = {NULL, NULL};
	int first, status;

	memset(settings, 0, sizeof *settings);
	settings->max_removals = 10;
	settings->max_is_share = true;
	settings->sign_in = SIGN_IN_NONE;
	status = options_read(&program, argc, argv, &first);
	if (status != OPTIONS_GO_ON)
		return status;
	settings->inputs = first < argc ? argv + first : standard_input;
	if (settings->output && strcmp(settings->output, "-") == 0)
		settings->output = NULL;
	if (!settings->base && settings->format != FORMAT_DELTA)
		settings->base = settings->output;
	settings->base_is_output = same_file(settings->base, settings->output);
	status = check_together(settings, argc - first);
	if (!status)
		status = check_files(settings);
	if (status)
		return status;
	if (first == argc && isatty(STDIN_FILENO))
		return fail(STATUS_USAGE, "standard input is a terminal: give files, or a pipe from okta-map");
	return OPTIONS_GO_ON;
}
