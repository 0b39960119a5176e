#include "intake_party.h"

#include <strings.h>

#include "attribute_value.h"
#include "email.h"
#include "email_claims.h"
#include "entity_name.h"
#include "exit_status.h"
#include "json_string.h"
#include "message.h"
#include "naming.h"
#include "okta_list.h"
#include "okta_names.h"
#include "timestamp.h"

struct slice intake_text(struct slice raw, struct buffer *scratch)
{
	if (!raw.length || !memchr(raw.data, '\\', raw.length))
		return raw;
	buffer_clear(scratch);
	json_string_decode(raw, scratch);
	return slice_of(scratch->data, scratch->length);
}

/* Raw strings as one JSON string, blanks between them. Most stand in the output as they came. */
static void add_raw(struct buffer *json, struct slice a, struct slice b, struct buffer *scratch)
{
	bool plain = !memchr(a.data, '\\', a.length) && !memchr(a.data, 0x7f, a.length);

	if (b.length)
		plain = plain && !memchr(b.data, '\\', b.length) && !memchr(b.data, 0x7f, b.length);
	if (plain) {
		buffer_add_byte(json, '"');
		buffer_add(json, a.data, a.length);
		if (b.length)
			buffer_add_byte(json, ' ');
		buffer_add(json, b.data, b.length);
		buffer_add_byte(json, '"');
		return;
	}
	buffer_clear(scratch);
	json_string_decode(a, scratch);
	if (b.length)
		buffer_add_byte(scratch, ' ');
	json_string_decode(b, scratch);
	json_string_encode(json, slice_of(scratch->data, scratch->length));
}

static void add_piece(struct intake *in, enum piece piece, struct slice raw)
{
	pieces_begin(&in->pieces, piece);
	if (raw.length)
		add_raw(&in->pieces.bytes, raw, slice_of(NULL, 0), &in->text);
}

/* Is the record at hand what it should be? False after a message. */
static bool check_found(struct intake *in, const char *name)
{
	if (!records_whole(in->records, &in->found->cursor))
		return false;
	if (!in->found->has_object) {
		records_reject(in->records, STATUS_DATA, "a record of kind %.*s without an object \"%s\"", SLICE_ARG(in->record.kind), name);
		return false;
	}
	if (in->found->wrong) {
		records_reject(in->records, STATUS_DATA, "%s: found %.*s, expected a string or null", in->found->wrong,
			in->found->wrong_value.length < 40 ? (int)in->found->wrong_value.length : 40, in->found->wrong_value.data);
		return false;
	}
	return true;
}

/* The row of the record at hand, its line and age set; NOBODY after a message. */
static uint32_t place(struct intake *in, struct parties *parties, struct slice raw_id, struct slice raw_created)
{
	struct slice id = intake_text(raw_id, &in->id);
	struct party *party;
	uint32_t number;

	if (!id.length) {
		records_reject(in->records, STATUS_DATA, "a %s without an id", parties->what);
		return NOBODY;
	}
	if (!in->found->has_profile) {
		records_reject(in->records, STATUS_DATA, "%s %.*s without an object \"profile\": did a filter drop it?", parties->what, SLICE_ARG(id));
		return NOBODY;
	}
	number = id.data == raw_id.data ? parties_number_hashed(parties, id, in->found->hash) : parties_number(parties, id);
	party = &parties->at[number];
	if (party->line) {
		records_reject(in->records, STATUS_DATA, "%s %.*s came already in line %lu: a stream has each once", parties->what, SLICE_ARG(id),
			(unsigned long)party->line);
		return NOBODY;
	}
	party->line = in->record.line < UINT32_MAX ? (uint32_t)in->record.line : UINT32_MAX;
	party->created = raw_created.length ? timestamp_order(raw_created) : NEVER;
	parties->records++;
	return number;
}

static bool begins_with(struct slice text, const char *prefix)
{
	size_t length = strlen(prefix);

	return text.length >= length && memcmp(text.data, prefix, length) == 0;
}

/* What the naming rule gave in base, made valid and kept, unless the ledger knows a name already. */
static void set_name(struct intake *in, struct parties *parties, uint32_t number, bool ruled)
{
	struct party *party = &parties->at[number];

	if (party->from_ledger && !in->ledger->follow)
		return;
	buffer_clear(&in->name);
	party->repaired = !naming_make_valid(&in->name, ruled,
		buffer_slice(&in->base), parties_id(parties, number),
		parties->what);
	if (!ledger_keeps_name(in->ledger, parties, number, buffer_string(&in->name)))
		parties->at[number].name = arena_copy(&in->directory->names, slice_of(in->name.data, in->name.length));
}

/* The attributes that were asked for as annotations. */
static void add_annotations(struct intake *in, const struct wanteds *wanteds)
{
	pieces_begin(&in->pieces, PIECE_ANNOTATIONS);
	for (size_t i = 0; i < wanteds->count; i++) {
		buffer_clear(&in->text);
		if (!wanteds->at[i].annotation || !attribute_value_add_text(&in->text, in->found->wanted[i]))
			continue;
		buffer_add_byte(&in->pieces.bytes, ',');
		json_string_encode(&in->pieces.bytes, slice_of_string(wanteds->at[i].annotation));
		buffer_add_byte(&in->pieces.bytes, ':');
		json_string_encode(&in->pieces.bytes, slice_of(in->text.data, in->text.length));
	}
}

/* The last attribute that was asked for this purpose, verbatim; data NULL: none, or absent. */
static struct slice wanted_for(const struct intake *in, const struct wanteds *wanteds, enum purpose purpose)
{
	for (size_t i = wanteds->count; i--;)
		if (wanteds->at[i].purpose == purpose)
			return in->found->wanted[i];
	return slice_of(NULL, 0);
}

/*
 * Notes a party's own key and its parent's or manager's. fold: keys are compared without case. by_name: the key is what the naming rule
 * gave, as RoadieHQ's provider has it when no key is configured.
 */
static void add_link(struct intake *in, struct links *links, struct parties *parties, uint32_t number, const struct wanteds *wanteds, bool fold,
	bool by_name)
{
	struct buffer *texts[2] = {&in->key, &in->above};
	static const enum purpose purposes[2] = {FOR_KEY, FOR_ABOVE};

	for (int i = 0; i < 2; i++) {
		buffer_clear(&in->text);
		buffer_clear(texts[i]);
		if (attribute_value_add_key(&in->text, wanted_for(in, wanteds, purposes[i]))) {
			if (fold)
				email_fold(texts[i], slice_of(in->text.data, in->text.length));
			else
				buffer_add(texts[i], in->text.data, in->text.length);
		}
	}
	links_add(links, parties, number, by_name ? slice_of(in->base.data, in->base.length) : slice_of(in->key.data, in->key.length),
		slice_of(in->above.data, in->above.length));
}

/*
 * Does the rule give the same name for the login as for the e-mail? A login
 * without an @, for which --user-name strip-domain-email gives none, is a name.
 */
static bool login_gives_name(struct intake *in, const char *name)
{
	enum user_rule rule = in->settings->user_rule;
	struct slice email = in->found->raw[USER_EMAIL];
	struct slice login = in->found->raw[USER_LOGIN];

	if (!login.length || slice_same(login, email))
		return login.length != 0;
	login = intake_text(login, &in->text);
	buffer_clear(&in->key);
	buffer_clear(&in->name);
	if (rule == USER_STRIP_DOMAIN && !memchr(login.data, '@', login.length))
		buffer_add(&in->key, login.data, login.length);
	else if (!naming_user_rule(rule, login, &in->key))
		return false;
	entity_name_repair(&in->name, buffer_slice(&in->key), ENTITY_NAME_MAX);
	return strcasecmp(buffer_string(&in->name), name) == 0;
}

/* Does the rule make names of the e-mail, which users may edit? */
static bool rule_takes_email(const struct settings *settings)
{
	const struct wanteds *wanteds = &settings->of_users;

	if (settings->user_rule == USER_ID)
		return false;
	if (settings->user_rule != USER_PROFILE_ATTRIBUTE)
		return true;
	for (size_t i = wanteds->count; i--;)
		if (wanteds->at[i].purpose == FOR_NAME)
			return attribute_path_is_email(&wanteds->at[i].path);
	return false;
}

static void name_user(struct intake *in, uint32_t number)
{
	struct parties *users = &in->directory->users;
	struct party *user = &users->at[number];
	enum user_rule rule = in->settings->user_rule;
	struct slice email = intake_text(in->found->raw[USER_EMAIL], &in->text), text = email;

	if (email.length) {
		buffer_clear(&in->key);
		email_fold(&in->key, email);
		user->email_hash = email_hash(slice_of(in->key.data, in->key.length));
	}
	buffer_clear(&in->base);
	buffer_clear(&in->key);
	if (rule == USER_ID)
		text = parties_id(users, number);
	if (rule == USER_PROFILE_ATTRIBUTE)
		text = attribute_value_add_name(&in->key, wanted_for(in, &in->settings->of_users, FOR_NAME))
			? slice_of(in->key.data, in->key.length) : slice_of(NULL, 0);
	set_name(in, users, number, naming_user_rule(rule, text, &in->base));
	if (user->name && !user->from_ledger && rule_takes_email(in->settings))
		user->login_gives_name = login_gives_name(in, user->name);
}

/* The title: displayName, or first and last name. */
static void add_user_title(struct intake *in)
{
	const struct slice *raw = in->found->raw;
	struct slice first = raw[USER_FIRST].length ? raw[USER_FIRST] : raw[USER_LAST];

	if (raw[USER_DISPLAY].length || !first.length) {
		add_piece(in, PIECE_TITLE, raw[USER_DISPLAY]);
		return;
	}
	pieces_begin(&in->pieces, PIECE_TITLE);
	add_raw(&in->pieces.bytes, first, raw[USER_FIRST].length ? raw[USER_LAST] : slice_of(NULL, 0), &in->text);
}

static void store(struct intake *in, struct party *party)
{
	if (!pieces_store(&in->pieces, &in->directory->spool, party))
		records_stop(in->records, spool_status(&in->directory->spool));
}

void intake_user(struct intake *in)
{
	struct parties *users = &in->directory->users;
	const struct wanteds *wanteds = &in->settings->of_users;
	struct slice picture, status;
	bool excluded;
	uint32_t number;

	if (!check_found(in, "user"))
		return;
	status = intake_text(in->found->raw[USER_STATUS], &in->text);
	/* Okta's word for those who left: other tools save them with the rest, okta-fetch does not ask for them. */
	if (slice_equals(status, "DEPROVISIONED")) {
		in->deactivated_users++;
		return;
	}
	excluded = okta_list_has(okta_states, in->settings->excluded_states, status);
	number = place(in, users, in->found->raw[USER_ID_FIELD], in->found->raw[USER_CREATED]);
	if (number == NOBODY)
		return;
	if (excluded) {
		users->at[number].left_out = true;
		in->excluded_users++;
		return;
	}
	users->count++;
	name_user(in, number);
	if (in->settings->managers)
		add_link(in, &in->managers, users, number, wanteds, !in->settings->manager_by_id, false);
	pieces_clear(&in->pieces);
	add_user_title(in);
	add_piece(in, PIECE_LOGIN, in->found->raw[USER_LOGIN]);
	add_piece(in, PIECE_EMAIL, in->found->raw[USER_EMAIL]);
	picture = wanted_for(in, wanteds, FOR_PICTURE);
	add_piece(in, PIECE_PICTURE, picture.length > 2 && *picture.data == '"' ? slice_of(picture.data + 1, picture.length - 2) : slice_of(NULL, 0));
	add_annotations(in, wanteds);
	store(in, &users->at[number]);
}

/* Is the group one that the filters let pass? */
static bool is_wanted_group(struct intake *in, struct slice name)
{
	const struct option_list *prefixes = &in->settings->group_prefixes;

	if (okta_list_has(okta_types, in->settings->excluded_types, in->found->raw[GROUP_OKTA_TYPE]))
		return false;
	for (size_t i = 0; i < prefixes->count; i++)
		if (begins_with(name, prefixes->items[i]))
			return true;
	return prefixes->count == 0;
}

/* The name without the longest prefix that is to be stripped; never nothing. */
static struct slice strip(const struct settings *settings, struct slice name)
{
	size_t longest = 0;

	for (size_t i = 0; i < settings->strip_prefixes.count; i++) {
		size_t length = strlen(settings->strip_prefixes.items[i]);

		if (length > longest && length < name.length && begins_with(name, settings->strip_prefixes.items[i]))
			longest = length;
	}
	return slice_of(name.data + longest, name.length - longest);
}

static void name_group(struct intake *in, uint32_t number, struct slice name)
{
	struct parties *groups = &in->directory->groups;
	enum group_rule rule = in->settings->group_rule;
	struct slice text = name;
	bool ruled;

	buffer_clear(&in->base);
	buffer_clear(&in->key);
	if (rule == GROUP_ID)
		text = parties_id(groups, number);
	if (rule == GROUP_PROFILE_ATTRIBUTE)
		text = attribute_value_add_name(&in->key, wanted_for(in, &in->settings->of_groups, FOR_NAME))
			? slice_of(in->key.data, in->key.length) : slice_of(NULL, 0);
	ruled = naming_group_rule(rule, text, &in->base);
	set_name(in, groups, number, ruled);
}

/* The ledger records what the group is called in Okta. */
static void record_name(struct intake *in, uint32_t number, struct slice name)
{
	struct directory *d = in->directory;

	if (in->ledger->path && !in->ledger->readonly && name.length)
		okta_names_add(&d->groups, &d->names, number, name);
}

/* spec.type: by the attribute that was asked for, else by Okta's type, else the one for all. */
static void add_group_type(struct intake *in)
{
	const struct settings *settings = in->settings;
	const char *type = settings->group_type;

	for (size_t i = 0; i < settings->group_type_count; i++)
		if (slice_equals(in->found->raw[GROUP_OKTA_TYPE], settings->group_types[i].okta_type))
			type = settings->group_types[i].type;
	pieces_begin(&in->pieces, PIECE_TYPE);
	buffer_clear(&in->key);
	if (!attribute_value_add_name(&in->key, wanted_for(in, &settings->of_groups, FOR_TYPE)))
		buffer_add_string(&in->key, type);
	json_string_encode(&in->pieces.bytes, slice_of(in->key.data, in->key.length));
}

void intake_group(struct intake *in)
{
	struct parties *groups = &in->directory->groups;
	const struct wanteds *wanteds = &in->settings->of_groups;
	struct slice name;
	uint32_t number;

	if (!check_found(in, "group"))
		return;
	number = place(in, groups, in->found->raw[GROUP_ID_FIELD], in->found->raw[GROUP_CREATED]);
	if (number == NOBODY)
		return;
	name = intake_text(in->found->raw[GROUP_NAME], &in->above);
	if (!is_wanted_group(in, name)) {
		if (groups->at[number].from_ledger)
			record_name(in, number, name);
		groups->at[number].left_out = true;
		in->excluded_groups++;
		return;
	}
	groups->count++;
	record_name(in, number, name);
	name = strip(in->settings, name);
	name_group(in, number, name);
	pieces_clear(&in->pieces);
	pieces_begin(&in->pieces, PIECE_TITLE);
	if (name.length)
		json_string_encode(&in->pieces.bytes, name);
	add_piece(in, PIECE_DESCRIPTION, in->found->raw[GROUP_DESCRIPTION]);
	add_piece(in, PIECE_OKTA_TYPE, in->found->raw[GROUP_OKTA_TYPE]);
	add_group_type(in);
	add_annotations(in, wanteds);
	store(in, &groups->at[number]);
	if (in->settings->hierarchy)
		add_link(in, &in->parents, groups, number, wanteds, false, in->settings->hierarchy_by_name);
}
