#define _POSIX_C_SOURCE 200809L /* fileno, fstat */

#include "gateway/tls_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define DAY_S 86400

/* @return NULL: `why` says why */
static FILE *open_file(const char *path, struct text *why)
{
	FILE *file = fopen(path, "rbe");

	if (!file)
		text_addf(why, "%s cannot be read: %s", path, strerror(errno));
	return file;
}

/* Instead of a question at the terminal. */
static int no_passphrase(char *buffer, int size, int for_writing, void *arg)
{
	(void)buffer;
	(void)size;
	(void)for_writing;
	(void)arg;
	return -1;
}

/* @return the caller's; NULL: `why` says why */
static X509 *read_cert(const char *path, struct text *why)
{
	FILE *file = open_file(path, why);
	X509 *cert;

	if (!file)
		return NULL;
	cert = PEM_read_X509(file, NULL, no_passphrase, NULL);
	fclose(file);
	if (!cert)
		text_addf(why, "%s holds no certificate in PEM", path);
	/* what is left there would be blamed on somebody's connection */
	ERR_clear_error();
	return cert;
}

static const char *time_fault(const X509 *cert)
{
	if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
		return "is not valid yet";
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		return "has expired";
	return NULL;
}

bool tls_files_check_cert(const char *path, bool *ends_soon_out,
			  struct text *why)
{
	time_t soon = time(NULL) + TLS_FILES_SOON_DAYS * DAY_S;
	X509 *cert = read_cert(path, why);
	const char *fault;

	*ends_soon_out = false;
	if (!cert)
		return false;
	fault = time_fault(cert);
	*ends_soon_out = X509_cmp_time(X509_get0_notAfter(cert), &soon) < 0;
	X509_free(cert);
	if (fault)
		text_addf(why, "the certificate in %s %s", path, fault);
	return !fault;
}

static bool is_private(FILE *file)
{
	struct stat about;

	return fstat(fileno(file), &about) == 0 &&
	       !(about.st_mode & (S_IRWXG | S_IRWXO));
}

/* @return the caller's; NULL: `why` says why */
static EVP_PKEY *read_key(const char *path, struct text *why)
{
	FILE *file = open_file(path, why);
	EVP_PKEY *key = NULL;

	if (!file)
		return NULL;
	if (!is_private(file)) {
		text_addf(why, "group or others may read %s", path);
	} else {
		key = PEM_read_PrivateKey(file, NULL, no_passphrase, NULL);
		if (!key)
			text_addf(why,
				  "%s holds no key in PEM without a passphrase",
				  path);
	}
	fclose(file);
	ERR_clear_error();
	return key;
}

bool tls_files_check_key(const char *path, const char *cert_path,
			 struct text *why)
{
	EVP_PKEY *key = read_key(path, why);
	X509 *cert = key ? read_cert(cert_path, why) : NULL;
	bool fits = cert && X509_check_private_key(cert, key) == 1;

	if (cert && !fits)
		text_addf(why, "the key in %s is not that of %s", path,
			  cert_path);
	X509_free(cert);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return fits;
}

bool tls_files_check_ca(const char *path, struct text *why)
{
	X509 *cert = read_cert(path, why);

	X509_free(cert);
	return cert != NULL;
}
