#include "link.h"

#include <strings.h>

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Takes one parameter (; name=value or ; name="value"), p at the semicolon; gives what follows. */
static const char *take_parameter(const char *p, struct slice *name, struct slice *value)
{
	p = skip_blanks(p + 1);
	name->data = p;
	while (*p && *p != '=' && *p != ';' && *p != ',' && *p != ' ')
		p++;
	name->length = (size_t)(p - name->data);
	p = skip_blanks(p);
	*value = slice_of(p, 0);
	if (*p != '=')
		return p;
	p = skip_blanks(p + 1);
	if (*p == '"') {
		value->data = ++p;
		while (*p && *p != '"')
			p += *p == '\\' && p[1] ? 2 : 1;
		value->length = (size_t)(p - value->data);
		return *p ? skip_blanks(p + 1) : p;
	}
	value->data = p;
	while (*p && *p != ';' && *p != ',' && *p != ' ')
		p++;
	value->length = (size_t)(p - value->data);
	return skip_blanks(p);
}

/* A rel may name several relations, parted by blanks; their case does not count. */
static bool has_relation(struct slice relations, const char *relation)
{
	size_t length = strlen(relation), start = 0;

	for (size_t i = 0; i <= relations.length; i++) {
		if (i < relations.length && relations.data[i] != ' ')
			continue;
		if (i - start == length && strncasecmp(relations.data + start, relation, length) == 0)
			return true;
		start = i + 1;
	}
	return false;
}

bool link_find(const char *header, const char *relation, struct slice *target)
{
	const char *p = header;

	for (;;) {
		struct slice name, value, found;
		const char *close;
		bool matches = false;

		p = skip_blanks(p);
		if (*p == ',') {
			p++;
			continue;
		}
		close = *p == '<' ? strchr(p, '>') : NULL;
		if (!close)
			return false;
		found = slice_of(p + 1, (size_t)(close - p - 1));
		p = skip_blanks(close + 1);
		while (*p == ';') {
			p = take_parameter(p, &name, &value);
			if (name.length == 3 && strncasecmp(name.data, "rel", 3) == 0 && has_relation(value, relation))
				matches = true;
		}
		if (matches) {
			*target = found;
			return true;
		}
		if (*p != ',')
			return false;
	}
}
