/*
 * Whose temporary file it is: links at its name, and other runs that come
 * between opening and locking it.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "check.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "exit_status.h"
#include "message.h"
#include "publish.h"

static const char temporary[] = ".org.yaml.tmp", path[] = "org.yaml";

/* Runs before the next lock is taken, once. */
static void (*before_lock)(void);

/* Stands before the library's, for publish.c too. */
int fcntl(int fd, int command, ...)
{
	int (*real)(int, int, ...);
	void (*hook)(void) = before_lock;
	va_list arguments;
	void *argument;

	*(void **)&real = dlsym(RTLD_NEXT, "fcntl");
	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (command == F_SETLK && hook) {
		before_lock = NULL;
		hook();
	}
	return real(fd, command, argument);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void assert_holds(const char *name, const char *text)
{
	char content[100] = "";
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	if (fread(content, 1, sizeof content - 1, file) == 0)
		content[0] = '\0';
	fclose(file);
	assert_string_equal(content, text);
}

/* Publishes a file; the exit status of the first step that failed. */
static int publish(void)
{
	struct publication publication;
	int status = publication_begin(&publication, path);

	if (!status) {
		output_string(publication.output, "new\n");
		status = publication_finish(&publication);
	}
	if (!status)
		status = publication_place(&publication);
	publication_end(&publication);
	return status;
}

static int other_run;
static int other_run_goes_on; /* the other run ends when this is closed */

static void end_other_run(void)
{
	if (other_run) {
		close(other_run_goes_on);
		waitpid(other_run, NULL, 0);
	}
	other_run = 0;
}

/* Another run has a file of its own at the temporary name, locked. */
static void other_run_begins(void)
{
	int ready[2], go_on[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go_on), 0);
	other_run = fork();
	if (other_run == 0) {
		struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
		int fd;

		close(go_on[1]);
		unlink(temporary);
		fd = open(temporary, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0 || write(fd, "other\n", 6) != 6
			|| fcntl(fd, F_SETLK, &whole) < 0
			|| write(ready[1], "", 1) != 1)
			_exit(1);
		_exit(read(go_on[0], &byte, 1) != 0);
	}
	close(ready[1]);
	close(go_on[0]);
	other_run_goes_on = go_on[1];
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

/* Another run took the file for one left behind, and is gone. */
static void other_run_removes(void)
{
	unlink(temporary);
}

static struct buffer messages;

static int begin_folder(void **state)
{
	static char name[64];

	snprintf(name, sizeof name, "/tmp/publish-test-XXXXXX");
	message_divert(&messages);
	*state = name;
	return mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

static int end_folder(void **state)
{
	static const char *const names[] = {".org.yaml.tmp", "org.yaml",
		"theirs"};

	before_lock = NULL;
	end_other_run();
	message_divert(NULL);
	buffer_free(&messages);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(names[i]);
	return rmdir(*state);
}

static void a_link_at_the_temporary_name_is_removed_not_followed(void **state)
{
	struct stat before, after;

	(void)state;
	write_file("theirs", "theirs\n");
	assert_int_equal(stat("theirs", &before), 0);
	assert_int_equal(symlink("theirs", temporary), 0);
	assert_int_equal(publish(), STATUS_OK);
	assert_holds("theirs", "theirs\n");
	assert_int_equal(stat("theirs", &after), 0);
	assert_true(before.st_ino == after.st_ino
		&& before.st_mode == after.st_mode);
	assert_holds(path, "new\n");
	assert_int_equal(lstat(path, &after), 0);
	assert_true(S_ISREG(after.st_mode));
	/* What clears up follows no link either. */
	assert_int_equal(symlink("theirs", temporary), 0);
	assert_true(publication_clean(path));
	assert_int_equal(lstat(temporary, &after), -1);
	assert_holds("theirs", "theirs\n");
	/* One that leads nowhere. */
	assert_int_equal(symlink("nowhere", temporary), 0);
	assert_int_equal(publish(), STATUS_OK);
	assert_int_equal(lstat("nowhere", &after), -1);
}

static void a_file_left_behind_is_replaced(void **state)
{
	struct stat there;

	(void)state;
	write_file(temporary, "left\n");
	assert_int_equal(publish(), STATUS_OK);
	assert_holds(path, "new\n");
	assert_int_equal(lstat(temporary, &there), -1);
}

static void a_file_removed_before_it_is_locked_is_made_again(void **state)
{
	(void)state;
	before_lock = other_run_removes;
	assert_int_equal(publish(), STATUS_OK);
	assert_holds(path, "new\n");
}

static void a_run_that_took_the_name_before_the_lock_keeps_it(void **state)
{
	struct stat there;

	(void)state;
	before_lock = other_run_begins;
	assert_int_equal(publish(), STATUS_LATER);
	assert_true(other_run > 0);
	assert_holds(temporary, "other\n");
	assert_int_equal(lstat(path, &there), -1);
	end_other_run();
	assert_int_equal(publish(), STATUS_OK);
}

static void a_file_left_behind_that_a_run_replaced_is_not_removed(void **state)
{
	(void)state;
	write_file(temporary, "left\n");
	before_lock = other_run_begins;
	assert_int_equal(publish(), STATUS_LATER);
	assert_holds(temporary, "other\n");
	end_other_run();
	write_file(temporary, "left\n");
	before_lock = other_run_begins;
	publication_clean(path);
	assert_holds(temporary, "other\n");
	assert_false(publication_clean(path));
	assert_holds(temporary, "other\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_link_at_the_temporary_name_is_removed_not_followed,
			begin_folder, end_folder),
		cmocka_unit_test_setup_teardown(a_file_left_behind_is_replaced,
			begin_folder, end_folder),
		cmocka_unit_test_setup_teardown(
			a_file_removed_before_it_is_locked_is_made_again,
			begin_folder, end_folder),
		cmocka_unit_test_setup_teardown(
			a_run_that_took_the_name_before_the_lock_keeps_it,
			begin_folder, end_folder),
		cmocka_unit_test_setup_teardown(
			a_file_left_behind_that_a_run_replaced_is_not_removed,
			begin_folder, end_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
