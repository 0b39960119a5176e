#include "settings.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "annotation_key.h"
#include "buffer.h"
#include "entity_name.h"
#include "exit_status.h"
#include "ledger_give.h"
#include "memory.h"
#include "message.h"
#include "okta_list.h"
#include "quantity.h"

static const char bad_path[] = "expected an attribute such as costCenter, onCall.rota, skills[0] or profile.x";

/* Adds an attribute to those to look for; NULL after a message. */
static struct wanted *want(struct wanteds *wanteds, enum purpose purpose, const char *option, const char *path)
{
	struct wanted *wanted = &wanteds->at[wanteds->count];

	if (wanteds->count == WANTED_MOST) {
		fail(STATUS_USAGE, "--%s %s: more than %d attributes", option, path, WANTED_MOST);
		return NULL;
	}
	if (!attribute_path_parse(&wanted->path, path)) {
		fail(STATUS_USAGE, "--%s %s: %s", option, path, bad_path);
		return NULL;
	}
	wanted->purpose = purpose;
	wanteds->count++;
	return wanted;
}

/* The index of a naming rule among names; their count for profile.ATTRIBUTE, which is then wanted; -1 after a message. */
static int rule_of(const char *value, const char *const *names, struct wanteds *wanteds, const char *option, const char *expected)
{
	int i = 0;

	for (; names[i]; i++)
		if (strcmp(value, names[i]) == 0)
			return i;
	if (strncmp(value, "profile.", 8) == 0 && value[8])
		return want(wanteds, FOR_NAME, option, value) ? i : -1;
	fail(STATUS_USAGE, "--%s %s: expected %s, or profile.ATTRIBUTE", option, value, expected);
	return -1;
}

static int set_user_rule(void *target, const char *value)
{
	static const char *const names[] = {"strip-domain-email", "id", "kebab-case-email", "slugify-email", NULL};
	struct settings *settings = target;
	int rule = rule_of(value, names, &settings->of_users, "user-name", "strip-domain-email, id, kebab-case-email, slugify-email");

	settings->user_rule = rule < 0 ? USER_STRIP_DOMAIN : (enum user_rule)rule;
	return rule < 0 ? STATUS_USAGE : STATUS_OK;
}

static int set_group_rule(void *target, const char *value)
{
	static const char *const names[] = {"kebab-case-name", "id", "profile-name", NULL};
	struct settings *settings = target;
	int rule = rule_of(value, names, &settings->of_groups, "group-name", "kebab-case-name, id, profile-name");

	settings->group_rule = rule < 0 ? GROUP_KEBAB_NAME : (enum group_rule)rule;
	return rule < 0 ? STATUS_USAGE : STATUS_OK;
}

/* TYPE, OKTA_TYPE=TYPE or profile.ATTRIBUTE. */
static int set_group_type(void *target, const char *value)
{
	struct settings *settings = target;
	const char *sign = strchr(value, '=');
	struct group_type *rule = &settings->group_types[settings->group_type_count];

	if (strncmp(value, "profile.", 8) == 0)
		return want(&settings->of_groups, FOR_TYPE, "group-type", value) ? STATUS_OK : STATUS_USAGE;
	if (!*value || (sign && (sign == value || !sign[1])))
		return fail(STATUS_USAGE, "--group-type %s: expected a word such as team, APP_GROUP=application or profile.ATTRIBUTE", value);
	if (!sign) {
		settings->group_type = value;
		return STATUS_OK;
	}
	if (settings->group_type_count == sizeof settings->group_types / sizeof *settings->group_types)
		return fail(STATUS_USAGE, "--group-type %s: more than %zu types", value, settings->group_type_count);
	rule->okta_type = memory_copy_bytes(value, (size_t)(sign - value));
	rule->type = sign + 1;
	settings->group_type_count++;
	return STATUS_OK;
}

static int set_picture(void *target, const char *value)
{
	struct settings *settings = target;

	return want(&settings->of_users, FOR_PICTURE, "picture", value) ? STATUS_OK : STATUS_USAGE;
}

/* What okta-map itself writes there: nobody else may. */
static bool is_ours(const char *key)
{
	static const char *const ours[] = {"okta.com/user-id", "okta.com/login", "okta.com/email", "okta.com/group-id", "okta.com/group-type",
		"okta.com/manager"};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcmp(key, ours[i]) == 0)
			return true;
	return false;
}

/* ATTR[=KEY] */
static int annotate(struct wanteds *wanteds, const char *option, const char *value)
{
	const char *sign = strrchr(value, '=');
	size_t length = sign ? (size_t)(sign - value) : strlen(value);
	char *path = memory_copy_bytes(value, length);
	struct buffer key = BUFFER_EMPTY;
	struct wanted *wanted = want(wanteds, FOR_ANNOTATION, option, path);
	bool good = wanted != NULL;

	if (good && sign) {
		good = annotation_key_add(&key, slice_of_string(sign + 1));
	} else if (good) {
		buffer_add_string(&key, "okta.com/");
		good = annotation_key_add(&key, slice_of_string(strncmp(path, "profile.", 8) == 0 ? path + 8 : path));
	}
	free(path);
	if (wanted && !good)
		fail(STATUS_USAGE, "--%s %s: no annotation's key can be made of this: give one, as in ATTR=acme.com/name", option, value);
	for (size_t i = 0; good && i + 1 < wanteds->count; i++)
		if (wanteds->at[i].annotation && strcmp(wanteds->at[i].annotation, buffer_string(&key)) == 0)
			good = fail(STATUS_USAGE, "--%s %s: two attributes for the annotation %s", option, value, buffer_string(&key)) == 0;
	if (good && is_ours(buffer_string(&key)))
		good = fail(STATUS_USAGE, "--%s %s: %s is written by okta-map itself", option, value, buffer_string(&key)) == 0;
	if (good)
		wanted->annotation = memory_copy_string(buffer_string(&key));
	buffer_free(&key);
	return good ? STATUS_OK : STATUS_USAGE;
}

static int set_annotate_user(void *target, const char *value)
{
	return annotate(&((struct settings *)target)->of_users, "annotate-user", value);
}

static int set_annotate_group(void *target, const char *value)
{
	return annotate(&((struct settings *)target)->of_groups, "annotate-group", value);
}

/* KEY:ABOVE, of which KEY may be missing. */
static int set_links(struct wanteds *wanteds, const char *option, const char *value, const char *key_default)
{
	const char *colon = strchr(value, ':');
	char *key = colon && colon > value ? memory_copy_bytes(value, (size_t)(colon - value)) : memory_copy_string(key_default);
	bool good = want(wanteds, FOR_KEY, option, key) && want(wanteds, FOR_ABOVE, option, colon ? colon + 1 : value);

	free(key);
	return good ? STATUS_OK : STATUS_USAGE;
}

static int set_hierarchy(void *target, const char *value)
{
	struct settings *settings = target;

	if (settings->hierarchy)
		return fail(STATUS_USAGE, "--hierarchy %s: there is one already", value);
	if (!strchr(value, ':'))
		return fail(STATUS_USAGE, "--hierarchy %s: expected KEY:PARENTKEY, two attributes such as profile.orgUnit:profile.parentOrgUnit", value);
	settings->hierarchy = true;
	settings->hierarchy_by_name = *value == ':';
	return set_links(&settings->of_groups, "hierarchy", value, "profile.name");
}

static int set_manager(void *target, const char *value)
{
	struct settings *settings = target;

	if (settings->managers)
		return fail(STATUS_USAGE, "--manager %s: there is one already", value);
	settings->managers = true;
	settings->manager_by_id = !strchr(value, ':') || *value == ':' || strncmp(value, "id:", 3) == 0;
	return set_links(&settings->of_users, "manager", value, "id");
}

/* Adds a list of Okta's words to those that are left out. */
static int exclude(unsigned *set, const char *const *words, const char *option, const char *value)
{
	struct slice unknown = okta_list_add(words, value, set);
	struct buffer known = BUFFER_EMPTY;

	if (!unknown.data)
		return STATUS_OK;
	for (size_t i = 0; words[i]; i++)
		buffer_add_format(&known, "%s%s", i ? ", " : "", words[i]);
	fail(STATUS_USAGE, "--%s %s: Okta has no %.*s, but %s", option, value, SLICE_ARG(unknown), buffer_string(&known));
	buffer_free(&known);
	return STATUS_USAGE;
}

static int set_exclude_status(void *target, const char *value)
{
	return exclude(&((struct settings *)target)->excluded_states, okta_states, "exclude-status", value);
}

static int set_exclude_type(void *target, const char *value)
{
	return exclude(&((struct settings *)target)->excluded_types, okta_types, "exclude-type", value);
}

static int set_hold(void *target, const char *value)
{
	struct settings *settings = target;

	if (quantity_duration(value, &settings->name_hold))
		return STATUS_OK;
	return fail(STATUS_USAGE, "--name-hold %s: expected a duration such as 180d or 26w", value);
}

/* Are the paths those of one file? */
static bool is_same_file(const char *a, const char *b)
{
	struct stat left, right;

	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &left) == 0 && stat(b, &right) == 0
		&& left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* The option that is of no use without --names, or NULL. */
static const char *needs_names(const struct settings *settings)
{
	return settings->names_follow ? "names-follow"
		: settings->name_hold > 0 ? "name-hold"
		: settings->names_readonly ? "names-readonly"
		: settings->gives.count ? "give" : NULL;
}

static int judge_gives(const struct settings *settings, int operands)
{
	int status = STATUS_OK;

	if (settings->gives.count && settings->names_readonly)
		return fail(STATUS_USAGE, "--give changes the ledger, and "
			"--names-readonly forbids that: use one of them");
	if (settings->gives.count && operands)
		return fail(STATUS_USAGE, "--give reads no stream: remove the "
			"operand");
	for (size_t i = 0; !status && i < settings->gives.count; i++)
		status = ledger_give_check(settings->gives.items[i]);
	return status;
}

static int judge_names(const struct settings *settings)
{
	const char *option = needs_names(settings);
	const struct option_list *reserved = &settings->names_reserved;

	if (option && !settings->names)
		return fail(STATUS_USAGE, "--%s needs --names FILE, the ledger",
			option);
	if (settings->names && (!*settings->names
		|| strcmp(settings->names, "-") == 0))
		return fail(STATUS_USAGE, "--names %s: expected a file",
			settings->names);
	if (settings->names_from && (!*settings->names_from
		|| strcmp(settings->names_from, "-") == 0))
		return fail(STATUS_USAGE, "--names-from %s: expected a file",
			settings->names_from);
	if (settings->expect_org && !*settings->expect_org)
		return fail(STATUS_USAGE, "--expect-org: expected the id of an "
			"org, such as 00o1a2b3c4d5e6f7g8h9");
	for (size_t i = 0; i < reserved->count; i++) {
		const char *path = reserved->items[i];

		if (!*path || strcmp(path, "-") == 0)
			return fail(STATUS_USAGE,
				"--names-reserved %s: expected a file", path);
		if (settings->names && is_same_file(settings->names, path))
			return fail(STATUS_USAGE, "--names-reserved %s: is the "
				"ledger of this run (--names): expected that "
				"of another provider", path);
	}
	if (settings->names_lock
		&& fcntl((int)settings->names_lock, F_GETFD) < 0)
		return fail(STATUS_USAGE, "--names-lock %ld: this descriptor "
			"is not open: open the lock file first, as in "
			"okta-map --names-lock 9 9>FILE", settings->names_lock);
	return STATUS_OK;
}

static int judge(struct settings *settings, int argc, char **argv, int first)
{
	int status;

	if (!entity_namespace_valid(slice_of_string(settings->name_space)))
		return fail(STATUS_USAGE, "--namespace %s: expected 1 to 63 lower-case letters, digits and hyphens inside", settings->name_space);
	status = judge_names(settings);
	if (!status)
		status = judge_gives(settings, argc - first);
	if (status)
		return status;
	if (settings->name_hold <= 0)
		settings->name_hold = 180 * 86400.0;
	if (argc - first > 1)
		return fail(STATUS_USAGE, "unexpected operand %s: one stream at a time; catalog-emit merges several", argv[first + 1]);
	settings->input = first < argc ? argv[first] : NULL;
	if (settings->gives.count)
		return OPTIONS_GO_ON;
	if ((!settings->input || strcmp(settings->input, "-") == 0) && isatty(STDIN_FILENO))
		return fail(STATUS_USAGE, "standard input is a terminal: give a file, or a pipe from okta-fetch");
	return OPTIONS_GO_ON;
}

int settings_read(struct settings *settings, int argc, char **argv)
{
	static const char *const memberships[] = {"memberOf", "members", "both", NULL};
	static const char *const shared_emails[] = {"keep", "login", NULL};
	static const char *const collisions[] = {"suffix", "fail", NULL};
	struct settings *s = settings;
	const struct option_entry entries[] = {
		{"user-name", 0, NULL, OPTION_CALL, s, "RULE", "strip-domain-email (default), id, kebab-case-email, ...", 0, 0, NULL,
			set_user_rule},
		{"group-name", 0, NULL, OPTION_CALL, s, "RULE", "kebab-case-name (default), id, profile-name, profile.ATTR", 0, 0, NULL, set_group_rule},
		{"collisions", 0, NULL, OPTION_CHOICE, &s->collisions, "suffix|fail", "when two claim a name (suffix)", 0, 0, collisions, NULL},
		{"shared-email", 0, NULL, OPTION_CHOICE, &s->shared_email,
			"keep|login", "who carries a shared e-mail (keep)",
			0, 0, shared_emails, NULL},
		{"names", 0, NULL, OPTION_STRING, &s->names, "FILE", "the ledger of names given", 0, 0, NULL, NULL},
		{"names-follow", 0, NULL, OPTION_FLAG, &s->names_follow, NULL, "a rename in Okta renames the entity", 0, 0, NULL, NULL},
		{"name-hold", 0, NULL, OPTION_CALL, s, "DURATION", "keep the names of those who left (180d)", 0, 0, NULL, set_hold},
		{"names-readonly", 0, NULL, OPTION_FLAG, &s->names_readonly,
			NULL, "use the ledger, never write it",
			0, 0, NULL, NULL},
		{"names-from", 0, NULL, OPTION_STRING, &s->names_from, "FILE",
			"published catalog, if there is no ledger",
			0, 0, NULL, NULL},
		{"names-reserved", 0, NULL, OPTION_LIST, &s->names_reserved,
			"FILE", "another provider's ledger; repeatable",
			0, 0, NULL, NULL},
		{"names-lock", 0, NULL, OPTION_NUMBER, &s->names_lock, "FD",
			"lock this descriptor before reading those",
			3, INT_MAX, NULL, NULL},
		{"expect-org", 0, NULL, OPTION_STRING, &s->expect_org, "ID",
			"refuse the stream of another org (78)",
			0, 0, NULL, NULL},
		{"give", 0, NULL, OPTION_LIST, &s->gives, "REF=ID[:FORMER]",
			"pass a name of the ledger on; repeatable",
			0, 0, NULL, NULL},
		{"membership", 0, NULL, OPTION_CHOICE, &s->membership, "WHERE", "memberOf (default), members, both", 0, 0, memberships, NULL},
		{"hierarchy", 0, NULL, OPTION_CALL, s, "KEY:PARENTKEY", "parents by two attributes of groups", 0, 0, NULL, set_hierarchy},
		{"manager", 0, NULL, OPTION_CALL, s, "[KEY:]ATTR", "managers by an attribute, such as managerId", 0, 0, NULL, set_manager},
		{"drop-empty-groups", 0, NULL, OPTION_FLAG, &s->drop_empty_groups, NULL, "groups with nobody in them or below", 0, 0, NULL, NULL},
		{"group-prefix", 0, NULL, OPTION_LIST, &s->group_prefixes, "PREFIX", "only groups named so; repeatable", 0, 0, NULL, NULL},
		{"strip-prefix", 0, NULL, OPTION_LIST, &s->strip_prefixes, "PREFIX", "take it off groups' names; repeatable", 0, 0, NULL, NULL},
		{"exclude-status", 0, NULL, OPTION_CALL, s, "LIST", "no such users: SUSPENDED,STAGED", 0, 0, NULL, set_exclude_status},
		{"exclude-type", 0, NULL, OPTION_CALL, s, "LIST", "no such groups: APP_GROUP,BUILT_IN", 0, 0, NULL, set_exclude_type},
		{"annotate-user", 0, NULL, OPTION_CALL, s, "ATTR[=KEY]", "attribute to annotation; repeatable", 0, 0, NULL, set_annotate_user},
		{"annotate-group", 0, NULL, OPTION_CALL, s, "ATTR[=KEY]", "likewise", 0, 0, NULL, set_annotate_group},
		{"group-type", 0, NULL, OPTION_CALL, s, "TYPE", "group (default), OKTA_TYPE=TYPE, profile.ATTR", 0, 0, NULL, set_group_type},
		{"picture", 0, NULL, OPTION_CALL, s, "ATTR", "attribute with a picture's URL", 0, 0, NULL, set_picture},
		{"namespace", 0, NULL, OPTION_STRING, &s->name_space, "NS", "of all entities (default)", 0, 0, NULL, NULL},
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

static void wanteds_free(struct wanteds *wanteds)
{
	for (size_t i = 0; i < wanteds->count; i++) {
		attribute_path_free(&wanteds->at[i].path);
		free(wanteds->at[i].annotation);
	}
}

void settings_free(struct settings *settings)
{
	wanteds_free(&settings->of_users);
	wanteds_free(&settings->of_groups);
	for (size_t i = 0; i < settings->group_type_count; i++)
		free(settings->group_types[i].okta_type);
	free(settings->group_prefixes.items);
	free(settings->strip_prefixes.items);
	free(settings->names_reserved.items);
	free(settings->gives.items);
}
