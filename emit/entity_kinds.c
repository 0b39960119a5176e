#include "entity_kinds.h"

#include <stddef.h>
#include <strings.h>

#define FIELD(name, type, required, kind) {name, "spec." name, type, required, kind}
#define END_OF_FIELDS {NULL, NULL, SPEC_TEXT, false, NULL}
#define OWNER FIELD("owner", SPEC_REF, true, "group")

static const struct spec_field user[] = {
	FIELD("memberOf", SPEC_REFS, true, "group"), FIELD("profile", SPEC_PROFILE, false, NULL), END_OF_FIELDS,
};
static const struct spec_field group[] = {
	FIELD("type", SPEC_TEXT, true, NULL), FIELD("children", SPEC_REFS, true, "group"), FIELD("parent", SPEC_REF, false, "group"),
	FIELD("members", SPEC_REFS, false, "user"), FIELD("profile", SPEC_PROFILE, false, NULL), END_OF_FIELDS,
};
static const struct spec_field component[] = {
	FIELD("type", SPEC_TEXT, true, NULL), FIELD("lifecycle", SPEC_TEXT, true, NULL), OWNER, FIELD("system", SPEC_REF, false, "system"),
	FIELD("subcomponentOf", SPEC_REF, false, "component"), FIELD("providesApis", SPEC_REFS, false, "api"),
	FIELD("consumesApis", SPEC_REFS, false, "api"), FIELD("dependsOn", SPEC_REFS, false, NULL), END_OF_FIELDS,
};
static const struct spec_field api[] = {
	FIELD("type", SPEC_TEXT, true, NULL), FIELD("lifecycle", SPEC_TEXT, true, NULL), OWNER, FIELD("system", SPEC_REF, false, "system"),
	FIELD("definition", SPEC_TEXT, true, NULL), END_OF_FIELDS,
};
static const struct spec_field resource[] = {
	FIELD("type", SPEC_TEXT, true, NULL), OWNER, FIELD("dependsOn", SPEC_REFS, false, NULL), FIELD("system", SPEC_REF, false, "system"),
	END_OF_FIELDS,
};
static const struct spec_field system_fields[] = {
	OWNER, FIELD("domain", SPEC_REF, false, "domain"), FIELD("type", SPEC_TEXT, false, NULL), END_OF_FIELDS,
};
static const struct spec_field domain[] = {
	OWNER, FIELD("subdomainOf", SPEC_REF, false, "domain"), FIELD("type", SPEC_TEXT, false, NULL), END_OF_FIELDS,
};
static const struct spec_field location[] = {
	FIELD("type", SPEC_TEXT, false, NULL), FIELD("target", SPEC_TEXT, false, NULL), FIELD("targets", SPEC_TEXTS, false, NULL),
	FIELD("presence", SPEC_PRESENCE, false, NULL), END_OF_FIELDS,
};

static const struct {
	const char *kind;
	const struct spec_field *fields;
} kinds[] = {
	{"User", user}, {"Group", group}, {"Component", component}, {"API", api}, {"Resource", resource},
	{"System", system_fields}, {"Domain", domain}, {"Location", location},
};

const char *entity_kind_meant(struct slice kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kind.length == strlen(kinds[i].kind) && strncasecmp(kind.data, kinds[i].kind, kind.length) == 0)
			return slice_equals(kind, kinds[i].kind) ? NULL : kinds[i].kind;
	return NULL;
}

const struct spec_field *entity_spec_fields(struct slice kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_equals(kind, kinds[i].kind))
			return kinds[i].fields;
	return NULL;
}
