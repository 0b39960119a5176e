/*
 * Backstage's rules for single values (catalog-model: KubernetesValidatorFunctions, CommonValidatorFunctions,
 * makeValidator, and the JSON schemas). Each gives what was expected, or NULL when the value is good.
 */
#ifndef ENTITY_RULES_H
#define ENTITY_RULES_H

#include "slice.h"

const char *rule_api_version(struct slice text);     /* of any kind */
const char *rule_own_api_version(struct slice text); /* of the kinds that Backstage has itself */
const char *rule_kind(struct slice text);
const char *rule_name(struct slice text);
const char *rule_namespace(struct slice text);
const char *rule_not_empty(struct slice text);
const char *rule_not_blank(struct slice text);       /* not white space alone */
const char *rule_presence(struct slice text);
const char *rule_any(struct slice text);
const char *rule_label_value(struct slice text);
const char *rule_tag(struct slice text);
const char *rule_url(struct slice text);             /* url.h */

/* The key of a label or an annotation: [prefix/]name. */
const char *rule_key(struct slice text);

#endif
