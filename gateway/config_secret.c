#define _POSIX_C_SOURCE 200809L /* open, fstat */
#define _DEFAULT_SOURCE		/* explicit_bzero */

#include "gateway/config_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/store.h"
#include "gateway/users.h"

/* Octets of a secret, line end included, and of a users file. */
#define SECRET_MAX 1024
#define USERS_MAX  65536

static enum gateway_status full_path(const struct config_scalar *scalar,
				     char *out, size_t size, struct text *why)
{
	struct text path;

	text_init(&path, out, size);
	if (scalar->text.len && scalar->text.at[0] != '/')
		text_add(&path, scalar->folder);
	text_add_span(&path, scalar->text);
	if (scalar->text.len && !path.cut && span_find(scalar->text, '\0') < 0)
		return GATEWAY_OK;
	config_quote(why, scalar->text);
	text_add(why, " is not a path");
	return GATEWAY_BAD_CONFIG;
}

enum gateway_status config_path_parse(const struct config_scalar *scalar,
				      void *value_out, struct text *why)
{
	char path[PATH_MAX];
	enum gateway_status status = full_path(scalar, path, sizeof path, why);

	if (status != GATEWAY_OK)
		return status;
	return config_keep(path, value_out);
}

static enum gateway_status parse_sqlite(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	static const char scheme[] = "sqlite:";
	struct config_scalar path = *scalar;
	char url[PATH_MAX + sizeof scheme] = "sqlite:";
	const size_t len = sizeof scheme - 1;
	enum gateway_status status;

	path.text = span_skip(scalar->text, len);
	status = full_path(&path, url + len, sizeof url - len, why);
	if (status != GATEWAY_OK)
		return status;
	return config_keep(url, value_out);
}

enum gateway_status config_store_parse(const struct config_scalar *scalar,
				       void *value_out, struct text *why)
{
	struct span text = scalar->text;
	char url[2048], reason[256];

	if (span_starts_nocase(text, "sqlite:"))
		return parse_sqlite(scalar, value_out, why);
	if ((span_starts_nocase(text, "postgresql://") ||
	     span_starts_nocase(text, "postgres://") ||
	     span_is_nocase(text, "off")) &&
	    span_copy(text, url, sizeof url)) {
		if (span_is_nocase(text, "off") ||
		    store_url_is_good(url, reason, sizeof reason))
			return config_keep(url, value_out);
		text_add(why, reason);
		return GATEWAY_BAD_CONFIG;
	}
	return config_not_a(scalar, "a store", why);
}

/* scheme://user:password@host/database: where the password begins, or -1. */
static ptrdiff_t find_password(struct span url)
{
	struct span rest = url, before, scheme;
	ptrdiff_t colon;

	if (!span_cut(&rest, '@', &before) || rest.len == 0 ||
	    !span_cut(&before, ':', &scheme))
		return -1;
	colon = span_find(before, ':');
	return colon < 0 ? -1 : before.at + colon + 1 - url.at;
}

void config_store_write(const struct config_row *row, const void *value,
			FILE *out)
{
	struct span url, password, rest;
	ptrdiff_t at;
	char *text;

	(void)row;
	memcpy(&text, value, sizeof text);
	url = rest = span_of(text);
	at = find_password(url);
	if (at >= 0 && span_cut(&rest, '@', &password))
		fprintf(out, "\"%.*s(set)@%.*s\"", (int)at, text, (int)rest.len,
			rest.at);
	else
		fprintf(out, "\"%s\"", text);
}

/* Why must the file behind `fd` not be used? NULL: it may. */
static const char *file_fault(int fd, size_t max)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return strerror(errno);
	if (!S_ISREG(about.st_mode))
		return "not a regular file";
	if (about.st_mode & (S_IRWXG | S_IRWXO))
		return "group or others may read it";
	if (about.st_size > (off_t)max)
		return "it is too long";
	return NULL;
}

/* @param out  max + 1 octets
 * @return what is wrong, or NULL */
static const char *read_file(const char *path, size_t max, char *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *fault;
	ssize_t got;

	out[0] = '\0';
	if (fd < 0)
		return strerror(errno);
	fault = file_fault(fd, max);
	got = fault ? 0 : read(fd, out, max);
	close(fd);
	if (fault)
		return fault;
	if (got < 0)
		return "it cannot be read";
	out[got] = '\0';
	return memchr(out, '\0', (size_t)got) ? "it is no text" : NULL;
}

/* Without the line end; what is left must be one line. */
static const char *secret_fault(char *secret)
{
	size_t len = strlen(secret);

	if (len > 0 && secret[len - 1] == '\n')
		secret[--len] = '\0';
	if (len > 0 && secret[len - 1] == '\r')
		secret[--len] = '\0';
	if (len == 0)
		return "it is empty";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)secret[i] < 0x20 || secret[i] == 0x7f)
			return "more than one line of text";
	return NULL;
}

enum gateway_status config_secret_parse(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	char path[PATH_MAX], secret[SECRET_MAX + 1];
	enum gateway_status status = full_path(scalar, path, sizeof path, why);
	const char *fault;

	if (status != GATEWAY_OK)
		return status;
	fault = read_file(path, SECRET_MAX, secret);
	if (!fault)
		fault = secret_fault(secret);
	if (fault) {
		text_addf(why, "secret file %s cannot be used: %s", path,
			  fault);
		status = GATEWAY_BAD_CONFIG;
	} else {
		status = config_keep(secret, value_out);
	}
	explicit_bzero(secret, sizeof secret);
	return status;
}

enum gateway_status config_users_parse(const struct config_scalar *scalar,
				       void *value_out, struct text *why)
{
	char path[PATH_MAX], users[USERS_MAX + 1];
	enum gateway_status status = full_path(scalar, path, sizeof path, why);
	unsigned line = 0;
	const char *fault;

	if (status != GATEWAY_OK)
		return status;
	fault = read_file(path, USERS_MAX, users);
	if (!fault)
		fault = users_fault(users, &line);
	if (fault) {
		text_addf(why, "users file %s cannot be used: ", path);
		if (line)
			text_addf(why, "line %u: ", line);
		text_add(why, fault);
		status = GATEWAY_BAD_CONFIG;
	} else {
		status = config_keep(users, value_out);
	}
	explicit_bzero(users, sizeof users);
	return status;
}
