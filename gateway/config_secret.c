#define _POSIX_C_SOURCE 200809L /* open, fstat */
#define _DEFAULT_SOURCE		/* explicit_bzero */

#include "gateway/config_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Octets of a secret, line end included. */
#define SECRET_MAX 1024

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

/* Why must the file behind `fd` not be used? NULL: it may. */
static const char *file_fault(int fd)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return strerror(errno);
	if (!S_ISREG(about.st_mode))
		return "not a regular file";
	if (about.st_mode & (S_IRWXG | S_IRWXO))
		return "group or others may read it";
	if (about.st_size > SECRET_MAX)
		return "too long for a secret";
	return NULL;
}

static const char *content_fault(const char *secret, size_t len)
{
	if (len == 0)
		return "it is empty";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)secret[i] < 0x20 || secret[i] == 0x7f)
			return "more than one line of text";
	return NULL;
}

/* @param secret_out  SECRET_MAX + 1 octets
 * @return what is wrong, or NULL */
static const char *read_secret(const char *path, char *secret_out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *fault;
	ssize_t got;

	if (fd < 0)
		return strerror(errno);
	fault = file_fault(fd);
	got = fault ? 0 : read(fd, secret_out, SECRET_MAX);
	close(fd);
	if (fault)
		return fault;
	if (got < 0)
		return "it cannot be read";
	if (got > 0 && secret_out[got - 1] == '\n')
		got--;
	if (got > 0 && secret_out[got - 1] == '\r')
		got--;
	secret_out[got] = '\0';
	return content_fault(secret_out, (size_t)got);
}

enum gateway_status config_secret_parse(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	char path[PATH_MAX], secret[SECRET_MAX + 1];
	enum gateway_status status = full_path(scalar, path, sizeof path, why);
	const char *fault;

	if (status != GATEWAY_OK)
		return status;
	fault = read_secret(path, secret);
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
