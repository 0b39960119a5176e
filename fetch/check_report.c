#include "check_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "exit_status.h"
#include "json_string.h"

static int first_failure;

static void print_json(int status, const char *step, const char *verdict, const char *text)
{
	struct buffer line = BUFFER_EMPTY;
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
	buffer_add_format(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"step\":", stamp,
		status ? "error" : "note", message_program_name());
	json_string_encode(&line, slice_of_string(step));
	buffer_add_format(&line, ",\"result\":\"%s\",\"message\":", verdict);
	json_string_encode(&line, slice_of_string(text));
	buffer_add_format(&line, ",\"exit\":%d}\n", status);
	fwrite(line.data, 1, line.length, stdout);
	buffer_free(&line);
}

static void print(int status, const char *step, const char *verdict, const char *text)
{
	if (message_is_json())
		print_json(status, step, verdict, text);
	else
		printf("%-5s %s: %s\n", verdict, step, text);
	fflush(stdout);
}

void check_report(int status, const char *step, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	print(status, step, status ? "WRONG" : "ok", text);
	if (!first_failure)
		first_failure = status;
}

void check_report_skip(const char *step)
{
	print(0, step, "-", "not tried, because of the above");
}

int check_report_status(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return fail(STATUS_IO, "standard output: cannot be written");
	return first_failure;
}
