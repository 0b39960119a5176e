#include "split.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "entity_name.h"
#include "exit_status.h"
#include "json_string.h"
#include "memory.h"
#include "message.h"

/* The algorithm is looked up once: that takes longer than hashing a ref. */
static void sha256(struct split_hasher *hasher, struct slice bytes, unsigned char *hash)
{
	if (!hasher->context) {
		hasher->context = EVP_MD_CTX_new();
		hasher->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	}
	if (!hasher->context || !hasher->algorithm || !EVP_DigestInit_ex2(hasher->context, hasher->algorithm, NULL)
		|| !EVP_DigestUpdate(hasher->context, bytes.data, bytes.length) || !EVP_DigestFinal_ex(hasher->context, hash, NULL))
		exit(fail(STATUS_INTERNAL, "SHA-256 is not available"));
}

unsigned split_part_with(struct split_hasher *hasher, struct slice ref, unsigned parts)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	uint64_t number = 0;

	if (parts < 2)
		return 0;
	sha256(hasher, ref, hash);
	for (int i = 0; i < 8; i++)
		number = number << 8 | hash[i];
	return (unsigned)(number % parts);
}

unsigned split_part_of(struct slice ref, unsigned parts)
{
	static struct split_hasher hasher; /* lives as long as the program */

	return split_part_with(&hasher, ref, parts);
}

void split_hasher_free(struct split_hasher *hasher)
{
	EVP_MD_CTX_free(hasher->context);
	EVP_MD_free(hasher->algorithm);
}

/* The length of the path without .yaml or .yml; 0: it has neither. */
static size_t stem_length(const char *path)
{
	static const char *const endings[] = {".yaml", ".yml"};
	size_t length = strlen(path);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && path[length - ending - 1] != '/' && strcmp(path + length - ending, endings[i]) == 0)
			return length - ending;
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *split_folder(const char *path)
{
	return memory_copy_bytes(path, stem_length(path));
}

char *split_part_path(const char *path, unsigned part)
{
	struct buffer text = BUFFER_EMPTY;
	char *copy;

	buffer_add_format(&text, "%.*s/%03u.yaml", (int)stem_length(path), path, part);
	copy = memory_copy_string(buffer_string(&text));
	buffer_free(&text);
	return copy;
}

char *split_other_index(const char *path)
{
	size_t length = stem_length(path);
	struct buffer text = BUFFER_EMPTY;
	char *other = NULL;

	if (length) {
		buffer_add_format(&text, "%.*s%s", (int)length, path, strcmp(path + length, ".yml") == 0 ? ".yaml" : ".yml");
		other = memory_copy_string(buffer_string(&text));
	}
	buffer_free(&text);
	return other;
}

const char *split_path_problem(const char *path)
{
	if (!stem_length(path))
		return "the parts go to a folder named like the file without .yaml, so its name must end so";
	return strpbrk(base_name(path), "[]{}*?!") ? "Backstage takes [ ] { } * ? ! in a target for a pattern" : NULL;
}

void split_index_entity(const char *path, const char *id, unsigned parts, struct buffer *json)
{
	const char *base = base_name(path);
	int length = (int)stem_length(base);
	struct buffer target = BUFFER_EMPTY;

	buffer_add_string(json, "{\"apiVersion\":\"backstage.io/v1alpha1\",\"kind\":\"Location\",\"metadata\":{\"name\":\"okta-catalog-");
	entity_name_repair(json, slice_of_string(id ? id : "default"), 50);
	buffer_add_string(json, "\"},\"spec\":{\"targets\":[");
	for (unsigned i = 0; i < parts; i++) {
		buffer_clear(&target);
		buffer_add_format(&target, "./%.*s/%03u.yaml", length, base, i);
		buffer_add_string(json, i ? "," : "");
		json_string_encode(json, slice_of(target.data, target.length));
	}
	buffer_add_string(json, "]}}");
	buffer_free(&target);
}
