#include "settings.h"

#include <string.h>
#include <unistd.h>

#include "entity_name.h"
#include "exit_status.h"
#include "message.h"

static int set_group_rule(void *target, const char *value)
{
	static const char *const names[] = {"kebab-case-name", "id", "profile-name"};
	struct settings *settings = target;

	for (int i = 0; i < 3; i++)
		if (strcmp(value, names[i]) == 0) {
			settings->group_rule = (enum group_rule)i;
			return STATUS_OK;
		}
	if (strncmp(value, "profile.", 8) != 0 || !value[8])
		return fail(STATUS_USAGE, "--group-name %s: expected kebab-case-name, id, profile-name or profile.ATTRIBUTE", value);
	settings->group_rule = GROUP_PROFILE_ATTRIBUTE;
	settings->group_attribute = value + 8;
	return STATUS_OK;
}

static int judge(struct settings *settings, int argc, char **argv, int first)
{
	if (!entity_namespace_valid(slice_of_string(settings->name_space)))
		return fail(STATUS_USAGE, "--namespace %s: expected 1 to 63 lower-case letters, digits and hyphens inside", settings->name_space);
	if (!*settings->group_type)
		return fail(STATUS_USAGE, "--group-type: expected a word such as group or team");
	if (argc - first > 1)
		return fail(STATUS_USAGE, "unexpected operand %s: one stream at a time; catalog-emit merges several", argv[first + 1]);
	settings->input = first < argc ? argv[first] : NULL;
	if ((!settings->input || strcmp(settings->input, "-") == 0) && isatty(STDIN_FILENO))
		return fail(STATUS_USAGE, "standard input is a terminal: give a file, or a pipe from okta-fetch");
	return OPTIONS_GO_ON;
}

int settings_read(struct settings *settings, int argc, char **argv)
{
	static const char *const users[] = {"strip-domain-email", "id", "kebab-case-email", "slugify-email", NULL};
	static const char *const memberships[] = {"memberOf", "members", "both", NULL};
	const struct option_entry entries[] = {
		{"user-name", 0, NULL, OPTION_CHOICE, &settings->user_rule, "RULE",
			"strip-domain-email (default), id, kebab-case-email, slugify-email", 0, 0, users, NULL},
		{"group-name", 0, NULL, OPTION_CALL, settings, "RULE",
			"kebab-case-name (default), id, profile-name, profile.ATTRIBUTE", 0, 0, NULL, set_group_rule},
		{"membership", 0, NULL, OPTION_CHOICE, &settings->membership, "WHERE", "memberOf (default), members, both", 0, 0, memberships, NULL},
		{"namespace", 0, NULL, OPTION_STRING, &settings->name_space, "NS", "of all entities (default)", 0, 0, NULL, NULL},
		{"group-type", 0, NULL, OPTION_STRING, &settings->group_type, "TYPE", "spec.type of groups (group)", 0, 0, NULL, NULL},
		{"picture", 0, NULL, OPTION_STRING, &settings->picture, "ATTR", "profile attribute with a picture's URL", 0, 0, NULL, NULL},
		{"exclude-status", 0, NULL, OPTION_STRING, &settings->exclude_status, "LIST", "leave these users out: SUSPENDED,STAGED", 0, 0, NULL, NULL},
	};
	const struct option_program program = {
		"okta-map", "[OPTION...] [FILE]", "Turns okta-fetch's records into Backstage's User and Group entities.",
		"Manual: okta-map(1), the streams: okta-catalog(5)", entries, sizeof entries / sizeof *entries,
	};
	int first, status;

	memset(settings, 0, sizeof *settings);
	settings->name_space = "default";
	settings->group_type = "group";
	status = options_read(&program, argc, argv, &first);
	return status == OPTIONS_GO_ON ? judge(settings, argc, argv, first) : status;
}
