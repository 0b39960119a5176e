#include "judged.h"

#include <stdlib.h>

#include "emails.h"
#include "memory.h"
#include "storable.h"

void judged_pack(struct buffer *stored, struct slice okta_id, struct slice json)
{
	size_t start = stored->length;

	buffer_add(stored, okta_id.data, okta_id.length);
	for (size_t i = start; i < stored->length; i++)
		if (stored->data[i] == '\n')
			stored->data[i] = ' ';
	buffer_add_byte(stored, '\n');
	if (json.length)
		storable_add(json, stored);
}

static void add_refs(struct judged_block *block, struct judged_line *line, const struct hash_list *refs)
{
	struct hash_list *all = &block->refs;

	line->first_ref = all->count;
	line->ref_count = refs->count;
	if (all->capacity - all->count < refs->count) {
		all->capacity = 2 * (all->count + refs->count);
		all->values = memory_resize(all->values, all->capacity, sizeof *all->values);
	}
	if (refs->count)
		memcpy(all->values + all->count, refs->values, refs->count * sizeof *refs->values);
	all->count += refs->count;
}

void judged_read_line(struct judged_block *block, struct judged_line *line, unsigned parts)
{
	struct entity *entity = &block->entity;
	struct slice wrong, okta_id;

	line->is_judged = true;
	line->cursor = json_cursor(line->text.data, line->text.length);
	entity_read(entity, &line->cursor);
	/* What follows takes grammar for granted. */
	if (!json_end(&line->cursor))
		return;
	wrong = buffer_slice(&entity->wrong);
	okta_id = buffer_slice(&entity->okta_id);
	line->kind = entity->kind;
	line->part = (uint16_t)split_part_with(&block->hasher, buffer_slice(&entity->ref), parts);
	line->email = emails_hash(buffer_slice(&entity->email), &block->lower);
	line->start = block->bytes.length;
	line->ref_length = entity->ref.length;
	line->okta_id_length = okta_id.length;
	line->wrong_length = wrong.length;
	buffer_add(&block->bytes, entity->ref.data, entity->ref.length);
	buffer_add(&block->bytes, okta_id.data, okta_id.length);
	buffer_add(&block->bytes, wrong.data, wrong.length);
	line->stored_length = block->bytes.length;
	judged_pack(&block->bytes, okta_id, wrong.length ? wrong : line->text);
	line->stored_length = block->bytes.length - line->stored_length;
	add_refs(block, line, &entity->refs);
}

static struct judged_line *add_line(struct judged_block *block)
{
	if (block->count == block->capacity) {
		block->capacity = block->capacity ? block->capacity * 2 : 64;
		block->at = memory_resize(block->at, block->capacity, sizeof *block->at);
	}
	return &block->at[block->count++];
}

bool judged_is_of_fetch(struct slice kind)
{
	return kind.length > 4 && slice_starts_with(kind, "Okta");
}

void judged_read(struct judged_block *block, unsigned parts)
{
	struct slice text, kind;

	block->count = block->refs.count = 0;
	buffer_clear(&block->bytes);
	for (size_t at = 0; records_block_line(&block->block, &at, &text); ) {
		struct judged_line *line = add_line(block);

		line->text = text;
		line->is_judged = false;
		if (records_glance(text, &kind) && !slice_equals(kind, "End") && !judged_is_of_fetch(kind))
			judged_read_line(block, line, parts);
	}
}

struct judged judged_entity(const struct judged_block *block, const struct judged_line *line)
{
	const char *at = block->bytes.data + line->start;
	struct judged judged = {.kind = line->kind, .part = line->part, .email = line->email, .refs = block->refs.values + line->first_ref,
		.ref_count = line->ref_count};

	judged.ref = slice_of(at, line->ref_length);
	at += line->ref_length;
	judged.okta_id = slice_of(at, line->okta_id_length);
	at += line->okta_id_length;
	judged.wrong = slice_of(at, line->wrong_length);
	judged.stored = slice_of(at + line->wrong_length, line->stored_length);
	return judged;
}

void judged_free(struct judged_block *block)
{
	buffer_free(&block->block.bytes);
	buffer_free(&block->bytes);
	buffer_free(&block->lower);
	free(block->at);
	free(block->refs.values);
	entity_free(&block->entity);
	split_hasher_free(&block->hasher);
}
