#include "entity_name.h"

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_character(char c)
{
	return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

bool entity_name_valid(struct slice name)
{
	if (name.length < 1 || name.length > ENTITY_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (!is_name_character(name.data[i]))
			return false;
	return is_alphanumeric(name.data[0]) && is_alphanumeric(name.data[name.length - 1]);
}

bool entity_namespace_valid(struct slice name)
{
	if (name.length < 1 || name.length > ENTITY_NAME_MAX || name.data[0] == '-' || name.data[name.length - 1] == '-')
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (!((name.data[i] >= '0' && name.data[i] <= '9') || (name.data[i] >= 'a' && name.data[i] <= 'z') || name.data[i] == '-'))
			return false;
	return true;
}

void entity_name_repair(struct buffer *valid, struct slice name, size_t maximum)
{
	size_t start = valid->length;
	bool gap = false;

	for (size_t i = 0; i < name.length && valid->length - start < maximum; i++) {
		if (!is_name_character(name.data[i])) {
			gap = true;
			continue;
		}
		if (valid->length == start && !is_alphanumeric(name.data[i]))
			continue;
		if (gap && valid->length > start)
			buffer_add_byte(valid, '-');
		gap = false;
		if (valid->length - start < maximum)
			buffer_add_byte(valid, name.data[i]);
	}
	while (valid->length > start && !is_alphanumeric(valid->data[valid->length - 1]))
		valid->length--;
}
