/*
 * Folds the texts of standard input, each ended by the byte 0xff, which is in
 * no UTF-8, and writes each folded text with that byte after it.
 */
#include <stdio.h>

#include "lib/email.h"

int main(void)
{
	struct buffer text = BUFFER_EMPTY, folded = BUFFER_EMPTY;
	int c;

	while ((c = getchar()) != EOF) {
		if (c != 0xff) {
			buffer_add_byte(&text, (char)c);
			continue;
		}
		buffer_clear(&folded);
		email_fold(&folded, buffer_slice(&text));
		buffer_add_byte(&folded, (char)0xff);
		fwrite(folded.data, 1, folded.length, stdout);
		buffer_clear(&text);
	}
	buffer_free(&text);
	buffer_free(&folded);
	return fflush(stdout) ? 74 : 0;
}
