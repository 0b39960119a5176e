#include "check.h"

#include <stdio.h>

#include "emit/entity.h"
#include "emit/hash_set.h"
#include "emit/relation.h"

static void add(void *owner, uint64_t relation)
{
	hash_set_add(owner, relation);
}

static struct hash_set of_yaml(const char *self, const char *document, size_t expected)
{
	struct hash_set set = {0};

	assert_int_equal(relations_in_yaml(slice_of_string(document), slice_of_string(self), add, &set), expected);
	return set;
}

static struct hash_set of_json(const char *json)
{
	struct entity entity = {0};
	struct hash_set set = {0};

	entity_read_text(&entity, slice_of_string(json));
	for (size_t i = 0; i < entity.relations.count; i++)
		hash_set_add(&set, entity.relations.values[i]);
	entity_free(&entity);
	return set;
}

static void same(struct hash_set a, struct hash_set b)
{
	assert_int_equal(a.count, b.count);
	for (size_t i = 0; i < a.size; i++)
		assert_true(!a.slots[i] || hash_set_has(&b, a.slots[i]));
	hash_set_free(&a);
	hash_set_free(&b);
}

/* However it is spelled, wherever it is read, and whichever side states it. */
static void one_relation_has_one_hash(void **state)
{
	static const char user[] = "--- # user:eu/ana 00u\napiVersion: v1\nmetadata:\n  memberOf:\n    - no\nspec:\n  more:\n    - no\n  memberOf:\n"
		"    - web\n    - Group:EU/Ops\n    - \"group:a/\\u0041\\\"\"\n  x: y\n    - no\n";

	(void)state;
	same(of_yaml("user:eu/ana", user, 3),
		of_json("{\"kind\":\"User\",\"metadata\":{\"name\":\"Ana\",\"namespace\":\"eu\"},\"spec\":{\"memberOf\":[\"group:eu/WEB\",\"ops\",\"a/A\\\"\"]}}"));
	same(of_yaml("group:eu/web", "--- # group:eu/web\nspec:\n  members:\n    - ana\n", 1),
		of_json("{\"spec\":{\"memberOf\":[\"web\"]},\"metadata\":{\"namespace\":\"eu\",\"name\":\"ana\"},\"kind\":\"User\"}"));
	same(of_yaml("user:eu/ana", "--- # user:eu/ana\nspec:\n  members:\n    - ana\n", 0), of_json("{}"));
	same(of_yaml("component:eu/ana", "--- # component:eu/ana\nspec:\n  memberOf:\n    - ana\n", 0), of_json("{}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(one_relation_has_one_hash)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
