#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "exit_status.h"
#include "memory.h"
#include "message.h"
#include "quantity.h"
#include "secret.h"
#include "transport.h"

/* What is read from the command line before it is judged. */
struct raw {
	struct settings *settings;
	const char *org_url, *key_file, *key_id, *token_file, *groups_file,
		*known_file;
	const char *key_variable, *token_variable;
};

static int set_timeout(void *target, const char *value)
{
	if (quantity_duration(value, target) && *(double *)target <= 86400)
		return STATUS_OK;
	return fail(STATUS_USAGE, "--timeout %s: expected a duration such as 30s or 5m", value);
}

static int set_max_age(void *target, const char *value)
{
	if (quantity_duration(value, target))
		return STATUS_OK;
	return fail(STATUS_USAGE, "--cache-max-age %s: expected a duration such as 24h or 2 days", value);
}

static int read_options(struct raw *raw, int argc, char **argv)
{
	static const char *const users[] = {"all", "members", "none", NULL};
	static const char *const missing[] = {"error", "warn", NULL};
	static const char *const progress[] = {"auto", "always", "never", NULL};
	static const char *const dpop[] = {"auto", "require", "off", NULL};
	struct settings *s = raw->settings;
	const struct option_entry entries[] = {
		{"org-url", 0, "OKTA_CLIENT_ORGURL", OPTION_STRING, &raw->org_url, "URL", "the org", 0, 0, NULL, NULL},
		{"client-id", 0, "OKTA_CLIENT_CLIENTID", OPTION_STRING, &s->client_id, "ID", "of the API Services app", 0, 0, NULL, NULL},
		{"key-file", 0, NULL, OPTION_STRING, &raw->key_file, "FILE|-",
			"its private key [OKTA_CLIENT_PRIVATEKEY: key or path]", 0, 0, NULL, NULL},
		{"key-id", 0, "OKTA_CLIENT_PRIVATEKEYID", OPTION_STRING, &raw->key_id, "KID", "the key's ID", 0, 0, NULL, NULL},
		{"token-file", 0, NULL, OPTION_STRING, &raw->token_file, "FILE|-",
			"an SSWS token instead [OKTA_CLIENT_TOKEN]", 0, 0, NULL, NULL},
		{"id", 0, NULL, OPTION_STRING, &s->id, "ID", "provider id in the header (default)", 0, 0, NULL, NULL},
		{"group", 'g', NULL, OPTION_LIST, &s->groups, "NAME|ID", "only these groups; repeatable", 0, 0, NULL, NULL},
		{"groups-file", 0, NULL, OPTION_STRING, &raw->groups_file, "FILE", "the same, one a line", 0, 0, NULL, NULL},
		{"expect-org", 0, NULL, OPTION_STRING, &s->expect_org, "ID",
			"refuse an org of another Okta id", 0, 0, NULL, NULL},
		{"known-groups", 0, NULL, OPTION_STRING, &raw->known_file,
			"FILE", "\"ID NAME\" lines: find renamed groups", 0, 0,
			NULL, NULL},
		{"group-search", 0, NULL, OPTION_STRING, &s->group_search, "EXPR", "groups of an Okta search", 0, 0, NULL, NULL},
		{"user-search", 0, NULL, OPTION_STRING, &s->user_search, "EXPR", "users of an Okta search", 0, 0, NULL, NULL},
		{"built-in", 0, NULL, OPTION_FLAG, &s->built_in, NULL, "BUILT_IN groups (Everyone) too", 0, 0, NULL, NULL},
		{"users", 'u', NULL, OPTION_CHOICE, &s->users, "all|members|none", "whose records (all)", 0, 0, users, NULL},
		{"cache", 0, NULL, OPTION_STRING, &s->cache_dir, "DIR", "keep memberships between runs", 0, 0, NULL, NULL},
		{"cache-max-age", 0, NULL, OPTION_CALL, &s->cache_max_age, "DURATION", "read anew after (24h)", 0, 0, NULL, set_max_age},
		{"concurrency", 'c', NULL, OPTION_NUMBER, &s->concurrency, "N", "requests under way (8)", 1, 64, NULL, NULL},
		{"rate-share", 0, NULL, OPTION_NUMBER, &s->rate_share, "PCT", "of the rate limit (50)", 1, 100, NULL, NULL},
		{"check", 0, NULL, OPTION_FLAG, &s->check, NULL, "examine the set-up step by step", 0, 0, NULL, NULL},
		{"progress", 0, NULL, OPTION_CHOICE, &s->progress, "auto|always|never", "a line on the terminal", 0, 0, progress, NULL},
		{"ca-file", 0, NULL, OPTION_STRING, &s->ca_file, "FILE", "a private CA's certificates", 0, 0, NULL, NULL},
		{"timeout", 0, NULL, OPTION_CALL, &s->timeout, "DURATION", "of one request (2m)", 0, 0, NULL, set_timeout},
		{"dpop", 0, NULL, OPTION_CHOICE, &s->dpop, "auto|require|off", "proof of possession (auto)", 0, 0, dpop, NULL},
		{"missing-groups", 0, NULL, OPTION_CHOICE, &s->missing, "error|warn", "a named group not found", 0, 0, missing, NULL},
	};
	const struct option_program program = {
		"okta-fetch", "[OPTION...] > org.ndjson",
		"Reads the users, groups and memberships of an Okta org and writes them as NDJSON.",
		"Manual: okta-fetch(1), the stream: okta-catalog(5)", entries, sizeof entries / sizeof *entries,
	};
	int first, status = options_read(&program, argc, argv, &first);

	if (status == OPTIONS_GO_ON && first < argc)
		return fail(STATUS_USAGE, "unexpected operand %s; see okta-fetch --help", argv[first]);
	return status;
}

static void read_groups_file(struct raw *raw, int *status)
{
	struct settings *s = raw->settings;
	struct buffer text = BUFFER_EMPTY;
	int read = secret_read_file(raw->groups_file, "groups file", &text);

	if (read) {
		*status = read;
		goto out;
	}
	if (memchr(text.data, '\0', text.length)) {
		*status = fail(STATUS_CONFIG, "groups file %s: a NUL byte in it: expected text, a group's name or id on each line", raw->groups_file);
		goto out;
	}
	s->groups_text = memory_copy_bytes(text.data, text.length);
	for (char *line = strtok(s->groups_text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
		s->groups.items = memory_resize(s->groups.items, s->groups.count + 1, sizeof *s->groups.items);
		s->groups.items[s->groups.count++] = line;
	}
	if (!s->groups.count)
		*status = fail(STATUS_CONFIG, "groups file %s: empty: write a group's name or id on each line", raw->groups_file);
out:
	buffer_free(&text);
}

static void read_known_groups(struct raw *raw, int *status)
{
	int read = raw->known_file
		? known_groups_read(&raw->settings->known, raw->known_file) : 0;

	*status = read ? read : *status;
}

static void judge_url(struct raw *raw, int *status)
{
	struct settings *s = raw->settings;
	const char *wrong, *dot;

	if (!raw->org_url) {
		*status = fail(STATUS_USAGE, "no org: give --org-url https://acme.okta.com or set OKTA_CLIENT_ORGURL");
		return;
	}
	wrong = transport_read_origin(raw->org_url, &s->origin);
	if (wrong && strstr(raw->org_url, "/oauth2/")) {
		*status = fail(STATUS_CONFIG, "org URL %s: that is an authorization server; only the org itself gives tokens for "
			"Okta's API: give its address alone, such as https://acme.okta.com", raw->org_url);
		return;
	}
	if (wrong) {
		*status = fail(STATUS_CONFIG, "org URL %s: %s, such as https://acme.okta.com", raw->org_url, wrong);
		return;
	}
	dot = strchr(s->origin, '.');
	if (dot && dot - s->origin > 6 && strncmp(dot - 6, "-admin", 6) == 0)
		*status = fail(STATUS_CONFIG, "org URL %s: that is the admin console's host: leave out \"-admin\"", raw->org_url);
}

static void read_ssws(struct raw *raw, int *status)
{
	struct settings *s = raw->settings;
	int read;

	read = raw->token_file ? secret_read_file(raw->token_file, "token file", &s->ssws)
		: secret_from_environment(raw->token_variable, "OKTA_CLIENT_TOKEN", &s->ssws);
	for (size_t i = 0; !read && i < s->ssws.length; i++)
		if (s->ssws.data[i] <= ' ' || s->ssws.data[i] > '~')
			read = fail(STATUS_CONFIG, "%s: expected one line with an SSWS token", raw->token_file ? "token file" : "OKTA_CLIENT_TOKEN");
	*status = read ? read : *status;
}

static bool has_white_space(const char *text)
{
	return text && text[strcspn(text, " \t\r\n")];
}

static void read_key(struct raw *raw, int *status)
{
	struct settings *s = raw->settings;
	struct buffer text = BUFFER_EMPTY;
	int read;

	if (!s->client_id)
		*status = fail(STATUS_USAGE, "no client: give --client-id or set OKTA_CLIENT_CLIENTID (the app's General tab has it)");
	if (!raw->key_file && !raw->key_variable) {
		*status = fail(STATUS_USAGE, "no private key: give --key-file or set OKTA_CLIENT_PRIVATEKEY");
		return;
	}
	read = raw->key_file ? secret_read_file(raw->key_file, "key file", &text)
		: secret_from_environment(raw->key_variable, "OKTA_CLIENT_PRIVATEKEY", &text);
	if (!read)
		read = private_key_parse(slice_of(text.data, text.length), raw->key_id, &s->key);
	if (has_white_space(raw->key_id) || has_white_space(s->client_id))
		*status = fail(STATUS_CONFIG, "%s: white space in it: copy it again, without a line break",
			has_white_space(raw->key_id) ? "key ID" : "client ID");
	if (!read && !private_key_id(s->key))
		read = fail(STATUS_USAGE, "no key ID: give --key-id or set OKTA_CLIENT_PRIVATEKEYID (the app's Public Keys list has it)");
	*status = read ? read : *status;
	buffer_wipe(&text);
}

/* An empty variable is as good as none. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static bool uses_stdin(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

/* The id names files, and stands in a comment of the published one. */
static bool is_id(const char *id)
{
	static const char letters[] = "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t length = strlen(id);

	return length >= 1 && length <= 63 && id[0] != '-' && id[0] != '_' && strspn(id, letters) == length;
}

/* A name that was given twice is asked for once. */
static void drop_repeated(struct option_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t same = 0;

		while (same < kept && strcmp(list->items[same], list->items[i]) != 0)
			same++;
		if (same == kept)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

static void read_credentials(struct raw *raw, int *status)
{
	if (raw->token_file || (raw->token_variable && !raw->key_file && !raw->key_variable))
		read_ssws(raw, status);
	else
		read_key(raw, status);
}

/* Judges a part; under --check what is wrong is kept for the report. */
static void judge_part(struct raw *raw, void (*judge_it)(struct raw *raw, int *status), struct problem *problem, int *status)
{
	struct buffer text = BUFFER_EMPTY;
	int own = OPTIONS_GO_ON;

	if (!raw->settings->check) {
		judge_it(raw, status);
		return;
	}
	message_divert(&text);
	judge_it(raw, &own);
	message_divert(NULL);
	if (own != OPTIONS_GO_ON) {
		problem->status = own;
		problem->text = memory_copy_string(buffer_string(&text));
	}
	buffer_free(&text);
}

static int judge(struct raw *raw)
{
	struct settings *s = raw->settings;
	int status = OPTIONS_GO_ON;

	raw->key_variable = variable("OKTA_CLIENT_PRIVATEKEY");
	raw->token_variable = variable("OKTA_CLIENT_TOKEN");
	if (uses_stdin(raw->key_file) + uses_stdin(raw->token_file) + uses_stdin(raw->groups_file) > 1)
		return fail(STATUS_USAGE, "standard input can be only one of key, token and groups file");
	if (raw->token_file && raw->key_file)
		return fail(STATUS_USAGE, "--token-file and --key-file: give one of them");
	if (s->expect_org && !*s->expect_org)
		return fail(STATUS_USAGE, "--expect-org \"\": expected an org's "
			"Okta id, 00o...");
	if (uses_stdin(raw->known_file))
		return fail(STATUS_USAGE, "--known-groups -: expected a "
			"file's name");
	if (s->user_search && s->users != USERS_ALL)
		status = fail(STATUS_USAGE, "--user-search goes with --users all alone");
	if (!is_id(s->id))
		status = fail(STATUS_USAGE, "--id %s: expected letters, digits, - and _, at most 63", s->id);
	judge_part(raw, judge_url, &s->org_problem, &status);
	judge_part(raw, read_credentials, &s->key_problem, &status);
	if (raw->groups_file)
		read_groups_file(raw, &status);
	read_known_groups(raw, &status);
	for (size_t i = 0; i < s->groups.count; i++)
		if (!*s->groups.items[i])
			status = fail(STATUS_USAGE, "--group \"\": expected a group's name or id");
	drop_repeated(&s->groups);
	/* Nothing else may find the secrets in this process's environment. */
	unsetenv("OKTA_CLIENT_PRIVATEKEY");
	unsetenv("OKTA_CLIENT_TOKEN");
	return status;
}

int settings_read(struct settings *settings, int argc, char **argv)
{
	struct raw raw = {.settings = settings};
	int status;

	memset(settings, 0, sizeof *settings);
	settings->id = "default";
	settings->concurrency = 8;
	settings->rate_share = 50;
	settings->timeout = 120;
	settings->cache_max_age = 86400;
	status = read_options(&raw, argc, argv);
	return status == OPTIONS_GO_ON ? judge(&raw) : status;
}

void settings_free(struct settings *settings)
{
	free(settings->origin);
	free(settings->groups.items);
	free(settings->groups_text);
	known_groups_free(&settings->known);
	free(settings->org_problem.text);
	free(settings->key_problem.text);
	buffer_wipe(&settings->ssws);
}
