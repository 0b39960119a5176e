/*
 * The first line of a published file: what it is, and of whom.
 *
 *     # catalog-emit 1 id=default org=https://acme.okta.com split=8
 *     {"type":"full","id":"default","oktaUrl":"https://acme.okta.com","entities":[
 */
#ifndef PUBLISHED_HEAD_H
#define PUBLISHED_HEAD_H

#include <stdbool.h>

#include "buffer.h"
#include "slice.h"

/* The forms in which catalog-emit publishes. */
enum format {
	FORMAT_YAML, FORMAT_YAML_FLOW, FORMAT_JSON, FORMAT_NDJSON,
	FORMAT_MUTATION, FORMAT_DELTA
};

/* Is it the first line of a YAML file of ours? */
bool head_is_ours(const char *head);

/* The form that a first line gives away, yaml for both YAML forms; false: it is none of ours. */
bool head_format(const char *head, enum format *format);

/* Is it the first line of a delta? */
bool head_is_delta(const char *head);

/* A word of an index line as text: %XX stands for what a comment cannot hold. text is used where there is any. */
struct slice head_word(struct slice word, struct buffer *text);

/* The value of NAME=VALUE in YAML's, or NULL. free() it. */
char *head_value(const char *head, const char *name);

/* The value of a member of a mutation's, or NULL. free() it. */
char *head_member(const char *head, const char *name);

/* The number of parts in split=N or part=K/N; 0: not said. */
unsigned head_parts(const char *head, const char *name);

#endif
