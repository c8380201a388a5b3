#ifndef IMGW_TESTS_CERTIFICATES_H
#define IMGW_TESTS_CERTIFICATES_H

/** Certificates made by the tests, in a folder of their own. */

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define CERTIFICATE_DAY_S (24 * 3600L)

/** What stands in one, in OpenSSL's words. */
struct certificate {
	const char *common_name; /* NULL: none */
	const char *names;	 /* "URI:sip:im.example,DNS:...", or NULL */
	const char *purposes;	 /* "serverAuth", or NULL */
	long from_s, to_s;	 /* from now on; both 0: a year around now */
	bool is_authority;
	bool self_signed; /* though an authority is given */
};

struct certificate_pair {
	X509 *cert;
	EVP_PKEY *key;
};

static inline void certificate_extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(extension);
	assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static inline void certificate_fill(X509 *cert, const struct certificate *c)
{
	const bool usual = !c->from_s && !c->to_s;
	X509_NAME *subject = X509_get_subject_name(cert);

	assert_int_equal(X509_set_version(cert, 2), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), (long)(intptr_t)c);
	X509_gmtime_adj(X509_getm_notBefore(cert),
			usual ? -CERTIFICATE_DAY_S : c->from_s);
	X509_gmtime_adj(X509_getm_notAfter(cert),
			usual ? 365 * CERTIFICATE_DAY_S : c->to_s);
	X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC,
				   (const unsigned char *)"tests", -1, -1, 0);
	if (c->common_name)
		X509_NAME_add_entry_by_txt(
			subject, "CN", MBSTRING_ASC,
			(const unsigned char *)c->common_name, -1, -1, 0);
	if (c->names)
		certificate_extend(cert, NID_subject_alt_name, c->names);
	if (c->purposes)
		certificate_extend(cert, NID_ext_key_usage, c->purposes);
	if (c->is_authority)
		certificate_extend(cert, NID_basic_constraints,
				   "critical,CA:TRUE");
}

/** @param authority  signs it; NULL: it signs itself */
static inline struct certificate_pair
certificate_make(const struct certificate *c,
		 const struct certificate_pair *authority)
{
	struct certificate_pair made = { X509_new(), EVP_EC_gen("P-256") };
	const bool own = !authority || c->self_signed;

	assert_non_null(made.cert);
	assert_non_null(made.key);
	X509_set_pubkey(made.cert, made.key);
	certificate_fill(made.cert, c);
	X509_set_issuer_name(
		made.cert,
		X509_get_subject_name(own ? made.cert : authority->cert));
	assert_true(X509_sign(made.cert, own ? made.key : authority->key,
			      EVP_sha256()) > 0);
	return made;
}

static inline void certificate_free(struct certificate_pair *pair)
{
	X509_free(pair->cert);
	EVP_PKEY_free(pair->key);
	memset(pair, 0, sizeof *pair);
}

/** Write PEM: "NAME.pem" and "NAME.key" (0600) into a folder. */
static inline void certificate_write(const struct certificate_pair *pair,
				     const char *folder, const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s.pem", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, pair->cert), 1);
	fclose(file);
	snprintf(path, sizeof path, "%s/%s.key", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(PEM_write_PrivateKey(file, pair->key, NULL, NULL, 0,
					      NULL, NULL),
			 1);
	fclose(file);
}

static inline void certificate_remove(const char *folder, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s.pem", folder, name);
	(void)unlink(path);
	snprintf(path, sizeof path, "%s/%s.key", folder, name);
	(void)unlink(path);
}

#endif
