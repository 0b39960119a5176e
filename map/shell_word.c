#include "shell_word.h"

#include <string.h>

void shell_word_add(struct buffer *command, const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789_-./:,@%+=";

	if (*text && !text[strspn(text, plain)]) {
		buffer_add_string(command, text);
		return;
	}
	buffer_add_byte(command, '\'');
	for (; *text; text++)
		if (*text == '\'')
			buffer_add_string(command, "'\\''");
		else
			buffer_add_byte(command, *text);
	buffer_add_byte(command, '\'');
}
