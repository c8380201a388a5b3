#define _POSIX_C_SOURCE 200809L /* mkdtemp */

#include "gateway/tls_files.h"

#include "tests/unit/certificates.h"

static struct {
	char folder[32];
	char cert[64], key[64];
	char reason[512];
	struct text why;
	bool ends_soon;
} files;

static int files_open(void **state)
{
	(void)state;
	memset(&files, 0, sizeof files);
	snprintf(files.folder, sizeof files.folder, "/tmp/imgw-XXXXXX");
	assert_non_null(mkdtemp(files.folder));
	snprintf(files.cert, sizeof files.cert, "%s/one.pem", files.folder);
	snprintf(files.key, sizeof files.key, "%s/one.key", files.folder);
	text_init(&files.why, files.reason, sizeof files.reason);
	return 0;
}

static int files_close(void **state)
{
	(void)state;
	certificate_remove(files.folder, "one");
	certificate_remove(files.folder, "two");
	assert_int_equal(rmdir(files.folder), 0);
	return 0;
}

static void make(const char *name, long from_s, long to_s)
{
	const struct certificate c = { .common_name = "gw.example.net",
				       .from_s = from_s,
				       .to_s = to_s };
	struct certificate_pair pair = certificate_make(&c, NULL);

	certificate_write(&pair, files.folder, name);
	certificate_free(&pair);
}

static bool check_cert(void)
{
	return tls_files_check_cert(files.cert, &files.ends_soon, &files.why);
}

static bool check_key(void)
{
	return tls_files_check_key(files.key, files.cert, &files.why);
}

static bool reason_ends(const char *end)
{
	size_t len = strlen(files.reason), tail = strlen(end);

	return len >= tail && strcmp(files.reason + len - tail, end) == 0;
}

static void write_nonsense(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("nonsense\n", file);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
}

static void sec_8_a_certificate_and_its_key_are_fit_for_use(void **state)
{
	(void)state;
	make("one", 0, 0);
	assert_true(check_cert());
	assert_false(files.ends_soon);
	assert_true(check_key());
	assert_true(tls_files_check_ca(files.cert, &files.why));
	assert_string_equal(files.reason, "");
}

static void sec_8_an_expired_certificate_is_refused(void **state)
{
	(void)state;
	make("one", -9 * CERTIFICATE_DAY_S, -60);
	assert_false(check_cert());
	assert_true(reason_ends("one.pem has expired"));
}

static void sec_8_a_certificate_of_the_future_is_refused(void **state)
{
	(void)state;
	make("one", 60, 90 * CERTIFICATE_DAY_S);
	assert_false(check_cert());
	assert_true(reason_ends("one.pem is not valid yet"));
}

static void sec_8_the_end_of_a_certificate_is_foretold(void **state)
{
	(void)state;
	make("one", -60, (TLS_FILES_SOON_DAYS - 1) * CERTIFICATE_DAY_S);
	assert_true(check_cert());
	assert_true(files.ends_soon);
	make("one", -60, (TLS_FILES_SOON_DAYS + 1) * CERTIFICATE_DAY_S);
	assert_true(check_cert());
	assert_false(files.ends_soon);
}

static void sec_8_what_is_no_certificate_is_refused(void **state)
{
	(void)state;
	assert_false(check_cert());
	assert_true(reason_ends("cannot be read: No such file or directory"));
	write_nonsense(files.cert);
	assert_false(check_cert());
	assert_true(reason_ends("one.pem holds no certificate in PEM"));
	assert_false(tls_files_check_ca(files.cert, &files.why));
}

static void sec_15_a_key_that_others_may_read_is_refused(void **state)
{
	(void)state;
	make("one", 0, 0);
	assert_int_equal(chmod(files.key, 0640), 0);
	assert_false(check_key());
	assert_non_null(strstr(files.reason, "group or others may read"));
	assert_int_equal(chmod(files.key, 0400), 0);
	assert_true(check_key());
}

static void sec_8_a_key_of_another_certificate_is_refused(void **state)
{
	char other[64];

	(void)state;
	make("one", 0, 0);
	make("two", 0, 0);
	snprintf(other, sizeof other, "%s/two.key", files.folder);
	assert_int_equal(rename(other, files.key), 0);
	assert_false(check_key());
	assert_non_null(strstr(files.reason, "is not that of"));
}

static void sec_8_what_is_no_key_is_refused(void **state)
{
	(void)state;
	make("one", 0, 0);
	write_nonsense(files.key);
	assert_false(check_key());
	assert_true(reason_ends("no key in PEM without a passphrase"));
}

/* Nobody is there to be asked for it. */
static void sec_8_a_key_with_a_passphrase_is_refused(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	FILE *file;

	(void)state;
	make("one", 0, 0);
	file = fopen(files.key, "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_PrivateKey(file, key, EVP_aes_128_cbc(),
					      (const unsigned char *)"test", 4,
					      NULL, NULL),
			 1);
	fclose(file);
	EVP_PKEY_free(key);
	assert_false(check_key());
	assert_true(reason_ends("no key in PEM without a passphrase"));
}

#define FILES(test) \
	cmocka_unit_test_setup_teardown(test, files_open, files_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILES(sec_8_a_certificate_and_its_key_are_fit_for_use),
		FILES(sec_8_an_expired_certificate_is_refused),
		FILES(sec_8_a_certificate_of_the_future_is_refused),
		FILES(sec_8_the_end_of_a_certificate_is_foretold),
		FILES(sec_8_what_is_no_certificate_is_refused),
		FILES(sec_15_a_key_that_others_may_read_is_refused),
		FILES(sec_8_a_key_of_another_certificate_is_refused),
		FILES(sec_8_what_is_no_key_is_refused),
		FILES(sec_8_a_key_with_a_passphrase_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
