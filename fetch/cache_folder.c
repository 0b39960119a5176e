#include "cache_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "message.h"

/* The first lines of a list, which name the org and the app, are shorter. */
enum { HEAD_SIZE = 2048 };

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum content { FOREIGN, EMPTY, LIST };

struct folder {
	const char *name;
	int fd;
	DIR *entries;
	time_t now;
	double seconds;
};

void cache_folder_name(const char *org, const char *client,
	char name[CACHE_FOLDER_NAME])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *digest = EVP_MD_CTX_new();

	EVP_DigestInit_ex(digest, EVP_sha256(), NULL);
	EVP_DigestUpdate(digest, org, strlen(org));
	EVP_DigestUpdate(digest, "\n", 1);
	EVP_DigestUpdate(digest, client, strlen(client));
	EVP_DigestFinal_ex(digest, bytes, NULL);
	EVP_MD_CTX_free(digest);
	for (int i = 0; i < CACHE_FOLDER_NAME / 2; i++)
		snprintf(name + 2 * i, 3, "%02x", bytes[i]);
}

static bool is_folder_name(const char *name)
{
	return strlen(name) == CACHE_FOLDER_NAME - 1
		&& strspn(name, DIGITS "abcdef") == CACHE_FOLDER_NAME - 1;
}

/* A group's id, or ID.PID.tmp while the list is written. */
static bool is_list_name(const char *name)
{
	size_t id = strspn(name, DIGITS LETTERS), pid;

	if (!id || !name[id])
		return id > 0;
	pid = strspn(name + id + 1, DIGITS);
	return name[id] == '.' && pid
		&& strcmp(name + id + 1 + pid, ".tmp") == 0;
}

/* Does a list begin here, of the org and app that the folder is named after? */
static bool is_list(int fd, const char *folder)
{
	static const char start[] = "okta-catalog cache 1\norg ";
	static const char next[] = "\nclient ";
	char head[HEAD_SIZE + 1], name[CACHE_FOLDER_NAME];
	char *org = head + sizeof start - 1, *client, *end;
	ssize_t length = read(fd, head, HEAD_SIZE);

	if (length < (ssize_t)sizeof start)
		return false;
	head[length] = '\0';
	if (strncmp(head, start, sizeof start - 1) != 0)
		return false;
	client = strstr(org, next);
	end = client ? strchr(client + sizeof next - 1, '\n') : NULL;
	if (!end)
		return false;
	*client = *end = '\0';
	cache_folder_name(org, client + sizeof next - 1, name);
	return strcmp(name, folder) == 0;
}

static bool is_old(const struct folder *folder, const struct stat *status)
{
	return difftime(folder->now, status->st_mtime) > folder->seconds;
}

/* What an entry is; FOREIGN also for one that is not old. */
static enum content examine(const struct folder *folder, const char *entry)
{
	enum content content = FOREIGN;
	struct stat status;
	int fd;

	if (!is_list_name(entry))
		return FOREIGN;
	fd = openat(folder->fd, entry,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return FOREIGN;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)
		&& is_old(folder, &status)) {
		/* A crash may leave a list empty: lists are not synced. */
		if (!status.st_size)
			content = EMPTY;
		else if (is_list(fd, folder->name))
			content = LIST;
	}
	close(fd);
	return content;
}

static struct dirent *next_entry(const struct folder *folder)
{
	struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(folder->entries);
	} while (entry && (strcmp(entry->d_name, ".") == 0
		|| strcmp(entry->d_name, "..") == 0));
	return entry;
}

/* Has nobody used the folder, and is everything in it a list of ours? */
static bool is_unused(const struct folder *folder)
{
	bool any = false;
	struct dirent *entry;
	struct stat status;

	if (fstat(folder->fd, &status) != 0 || !is_old(folder, &status))
		return false;
	while ((entry = next_entry(folder))) {
		enum content content = examine(folder, entry->d_name);

		if (content == FOREIGN)
			return false;
		any = any || content == LIST;
	}
	return any && !errno;
}

static void remove_folder(const struct folder *folder, int dir,
	const char *path)
{
	struct dirent *entry;

	rewinddir(folder->entries);
	/* A list that another run has put there meanwhile stays. */
	while ((entry = next_entry(folder)))
		if (examine(folder, entry->d_name) != FOREIGN)
			unlinkat(folder->fd, entry->d_name, 0);
	if (unlinkat(dir, folder->name, AT_REMOVEDIR) == 0)
		debug("cache %s/%s: removed: not used for %.0f hours", path,
			folder->name, folder->seconds / 3600);
}

void cache_folder_sweep(const char *dir, const char *own, double seconds)
{
	DIR *folders = opendir(dir);
	struct dirent *entry;

	while (folders && (entry = readdir(folders))) {
		struct folder folder = {.name = entry->d_name,
			.now = time(NULL), .seconds = seconds};

		if (!is_folder_name(folder.name)
			|| strcmp(folder.name, own) == 0)
			continue;
		folder.fd = openat(dirfd(folders), folder.name, O_RDONLY
			| O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder.fd < 0)
			continue;
		folder.entries = fdopendir(folder.fd);
		if (!folder.entries) {
			close(folder.fd);
			continue;
		}
		if (is_unused(&folder))
			remove_folder(&folder, dirfd(folders), dir);
		closedir(folder.entries);
	}
	if (folders)
		closedir(folders);
}
