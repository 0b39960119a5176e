#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "cache_folder.h"
#include "memory.h"
#include "message.h"
#include "spool.h"

/* A list read within so many seconds of a change may be older than the change: Okta's lists lag behind "typically less than 1 s". */
enum { SETTLED_SECONDS = 5 };
enum { LINE_SIZE = 512, DAY = 86400, HOUR = 3600, COPY_SIZE = 65536 };

struct cache {
	char *folder;
	const char *org; /* its id */
	char *client;
	double max_age;
	bool broken; /* a warning said so; nothing more is written */
};

struct cache_writer {
	struct cache *cache;
	struct spool spool; /* the list, until it is whole: a run that is killed leaves nothing behind */
	bool failed;        /* the spool did, and said so */
	EVP_MD_CTX *digest;
	unsigned long count;
	char *path;
};

static char *join(const char *a, const char *b, const char *c)
{
	struct buffer path = BUFFER_EMPTY;
	char *copy;

	buffer_add_string(&path, a);
	buffer_add_string(&path, b);
	buffer_add_string(&path, c);
	copy = memory_copy_bytes(path.data, path.length);
	buffer_free(&path);
	return copy;
}

static void hash(const char *text, unsigned char bytes[EVP_MAX_MD_SIZE])
{
	EVP_Digest(text, strlen(text), bytes, NULL, EVP_sha256(), NULL);
}

static void to_hex(const unsigned char *bytes, size_t count, char *text)
{
	for (size_t i = 0; i < count; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static void give_up(struct cache *cache, const char *path)
{
	if (!cache->broken)
		warn("cache %s: %s: memberships are not kept, and read from Okta instead", path, strerror(errno));
	cache->broken = true;
}

static bool is_temporary(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && strcmp(name + length - 4, ".tmp") == 0;
}

/* Nobody uses what was not used for so many seconds. */
static double too_old(const struct cache *cache)
{
	return 2 * cache->max_age + DAY;
}

/* Lists that are too old to be believed, of groups that are gone; and what a run left behind that was killed while it put one in place. */
static void sweep(const struct cache *cache)
{
	DIR *folder = opendir(cache->folder);
	struct dirent *entry;
	struct stat status;
	time_t now = time(NULL);

	while (folder && (entry = readdir(folder))) {
		char *path = join(cache->folder, "/", entry->d_name);

		if (entry->d_name[0] != '.' && stat(path, &status) == 0 && S_ISREG(status.st_mode)
			&& difftime(now, status.st_mtime) > (is_temporary(entry->d_name) ? HOUR : too_old(cache)))
			unlink(path);
		free(path);
	}
	if (folder)
		closedir(folder);
}

struct cache *cache_open(const char *dir, const char *org, const char *client,
	double max_age)
{
	struct cache *cache = memory_alloc(sizeof *cache);
	char name[CACHE_FOLDER_NAME];

	cache_folder_name(org, client, name);
	cache->folder = join(dir, "/", name);
	cache->org = org;
	cache->client = memory_copy_string(client);
	cache->max_age = max_age;
	if ((mkdir(dir, 0700) && errno != EEXIST) || (mkdir(cache->folder, 0700) && errno != EEXIST))
		give_up(cache, cache->folder);
	if (cache->broken) {
		cache_close(cache);
		return NULL;
	}
	/* The folder is in use, also if this run writes no list. */
	utimensat(AT_FDCWD, cache->folder, NULL, 0);
	sweep(cache);
	cache_folder_sweep(dir, name, too_old(cache));
	return cache;
}

void cache_close(struct cache *cache)
{
	if (!cache)
		return;
	free(cache->folder);
	free(cache->client);
	free(cache);
}

/* All lines of a list's file before its first member. */
static void add_head(struct buffer *head, const struct cache *cache, const char *group, const char *updated)
{
	buffer_add_format(head, "okta-catalog cache 1\norg %s\nclient %s\n"
		"group %s\nupdated %s\n", cache->org, cache->client, group,
		updated);
}

/* "2026-01-05T10:11:12.000Z" to seconds since the epoch; -1: it is none. Days by Hinnant's civil calendar. */
static double parse_time(const char *text)
{
	int year, month, day, hour, minute, n = 0;
	double second;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute, &second, &n) != 6 || text[n] != 'Z')
		return -1;
	year -= month <= 2;
	return ((double)(year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 719469))
		* DAY + hour * 3600 + minute * 60 + second;
}

/* A group's moment in every max_age: the same for ever, and spread over it by the id's hash. */
static bool is_due(const struct cache *cache, const char *group, double read_at, double now)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	double phase;

	hash(group, bytes);
	phase = (double)(bytes[0] << 16 | bytes[1] << 8 | bytes[2]) / (1 << 24) * cache->max_age;
	return now < read_at - 60 || floor((read_at + phase) / cache->max_age) < floor((now + phase) / cache->max_age);
}

/* A line without its line feed; false at the end, and for a line that is cut, too long or holds a NUL. */
static bool read_line(FILE *file, char line[LINE_SIZE])
{
	size_t length;

	memset(line, 1, LINE_SIZE); /* fgets does not tell how much it read: what it did not write is no NUL */
	if (!fgets(line, LINE_SIZE, file))
		return false;
	length = strlen(line);
	if (!length || line[length - 1] != '\n' || (length + 1 < LINE_SIZE && memchr(line + length + 1, 0, LINE_SIZE - length - 1)))
		return false;
	line[length - 1] = '\0';
	return true;
}

/* Reads the lines to the end; false when the digest, the count or anything else is not as it was written. */
static bool check_file(FILE *file)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	unsigned char bytes[EVP_MAX_MD_SIZE];
	char line[LINE_SIZE], hex[65];
	bool good = false;

	EVP_DigestInit_ex(digest, EVP_sha256(), NULL);
	while (read_line(file, line)) {
		if (strncmp(line, "sha256 ", 7) != 0) {
			EVP_DigestUpdate(digest, line, strlen(line));
			EVP_DigestUpdate(digest, "\n", 1);
			continue;
		}
		EVP_DigestFinal_ex(digest, bytes, NULL);
		to_hex(bytes, 32, hex);
		good = strcmp(line + 7, hex) == 0 && fgetc(file) == EOF && !ferror(file);
		break;
	}
	EVP_MD_CTX_free(digest);
	rewind(file);
	return good;
}

/* Reads the lines before the first member; false when the list is another's, or not to be believed any more. */
static bool check_head(const struct cache *cache, const char *group, const char *updated, double now, FILE *file)
{
	struct buffer head = BUFFER_EMPTY;
	char line[LINE_SIZE];
	const char *expected;
	double read_at;
	bool good = true;

	add_head(&head, cache, group, updated);
	expected = buffer_string(&head);
	while (good && *expected && read_line(file, line)) {
		size_t length = strlen(line);

		good = strncmp(expected, line, length) == 0 && expected[length] == '\n';
		expected += good ? length + 1 : 0;
	}
	good = good && !*expected && read_line(file, line) && sscanf(line, "read %lf", &read_at) == 1
		&& read_at >= parse_time(updated) + SETTLED_SECONDS && !is_due(cache, group, read_at, now);
	buffer_free(&head);
	return good;
}

/* A list's file, unless it is something else by that name (a pipe would be waited for). */
static FILE *open_list(const struct cache *cache, const char *group)
{
	char *path = join(cache->folder, "/", group);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	free(path);
	if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
		close(fd);
		return NULL;
	}
	return fd < 0 ? NULL : fdopen(fd, "r");
}

bool cache_read(struct cache *cache, const char *group, const char *updated, double now,
	void (*add)(void *owner, struct slice id), void *owner)
{
	char line[LINE_SIZE];
	FILE *file = open_list(cache, group);
	bool good = false, whole;

	if (!file)
		return false;
	whole = check_file(file);
	if (!whole)
		warn("cache: the kept members of group %s are damaged: read from Okta instead", group);
	good = whole && check_head(cache, group, updated, now, file);
	while (good && read_line(file, line) && strncmp(line, "end ", 4) != 0)
		add(owner, slice_of_string(line));
	fclose(file);
	return good;
}

static void add_bytes(struct cache_writer *writer, const char *bytes, size_t length)
{
	uint64_t ignored;

	EVP_DigestUpdate(writer->digest, bytes, length);
	writer->failed = writer->failed || !spool_add(&writer->spool, bytes, length, &ignored);
}

struct cache_writer *cache_write(struct cache *cache, const char *group, const char *updated, double now)
{
	struct cache_writer *writer;
	struct buffer head = BUFFER_EMPTY;

	if (cache->broken || parse_time(updated) < 0)
		return NULL;
	writer = memory_alloc(sizeof *writer);
	writer->cache = cache;
	writer->path = join(cache->folder, "/", group);
	writer->digest = EVP_MD_CTX_new();
	EVP_DigestInit_ex(writer->digest, EVP_sha256(), NULL);
	if (!spool_open(&writer->spool)) {
		cache->broken = true;
		cache_abandon(writer);
		return NULL;
	}
	add_head(&head, cache, group, updated);
	buffer_add_format(&head, "read %.0f\n", now);
	add_bytes(writer, head.data, head.length);
	buffer_free(&head);
	return writer;
}

void cache_add(struct cache_writer *writer, struct slice id)
{
	add_bytes(writer, id.data, id.length);
	add_bytes(writer, "\n", 1);
	writer->count++;
}

static bool copy_spool(struct cache_writer *writer, FILE *file)
{
	struct buffer piece = BUFFER_EMPTY;
	bool good = !writer->failed;

	for (uint64_t at = 0; good && at < writer->spool.length; at += piece.length) {
		uint64_t left = writer->spool.length - at;

		good = spool_read(&writer->spool, at, left < COPY_SIZE ? (size_t)left : COPY_SIZE, &piece)
			&& fwrite(piece.data, 1, piece.length, file) == piece.length;
	}
	buffer_free(&piece);
	return good;
}

void cache_commit(struct cache_writer *writer)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	char line[80], hex[65], mark[40], *temporary;
	FILE *file;
	bool good;
	int fd;

	snprintf(line, sizeof line, "end %lu\n", writer->count);
	add_bytes(writer, line, strlen(line));
	EVP_DigestFinal_ex(writer->digest, bytes, NULL);
	to_hex(bytes, 32, hex);
	snprintf(mark, sizeof mark, ".%ld.tmp", (long)getpid());
	temporary = join(writer->path, mark, "");
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	good = file && copy_spool(writer, file) && fprintf(file, "sha256 %s\n", hex) > 0;
	good = file && fclose(file) == 0 && good;
	/* No fsync: what a crash tears, the digest tells. */
	if (!good || rename(temporary, writer->path) != 0) {
		give_up(writer->cache, writer->path);
		unlink(temporary);
	}
	free(temporary);
	cache_abandon(writer);
}

void cache_abandon(struct cache_writer *writer)
{
	if (!writer)
		return;
	spool_close(&writer->spool);
	EVP_MD_CTX_free(writer->digest);
	free(writer->path);
	free(writer);
}
