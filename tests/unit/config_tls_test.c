#define _POSIX_C_SOURCE 200809L /* mkdtemp, fmemopen */

#include "gateway/config.h"

#include "tests/unit/certificates.h"

#define LISTEN "sip: {listen: [udp:127.0.0.2, tls:127.0.0.2]"

static struct {
	char folder[32], file[64];
	char printed[4096]; /* what was complained of */
	struct config *config;
} tls;

static int tls_open(void **state)
{
	(void)state;
	memset(&tls, 0, sizeof tls);
	snprintf(tls.folder, sizeof tls.folder, "/tmp/imgw-XXXXXX");
	assert_non_null(mkdtemp(tls.folder));
	snprintf(tls.file, sizeof tls.file, "%s/t.yaml", tls.folder);
	return 0;
}

static int tls_close(void **state)
{
	(void)state;
	config_destroy(&tls.config);
	certificate_remove(tls.folder, "a");
	certificate_remove(tls.folder, "b");
	assert_int_equal(rmdir(tls.folder), 0);
	return 0;
}

static void make(const char *name, long days)
{
	const struct certificate c = { .common_name = "gw.example.net",
				       .from_s = -2 * CERTIFICATE_DAY_S,
				       .to_s = days * CERTIFICATE_DAY_S };
	struct certificate_pair pair = certificate_make(&c, NULL);

	certificate_write(&pair, tls.folder, name);
	certificate_free(&pair);
}

static enum gateway_status read_yaml(const char *yaml)
{
	FILE *errors = fmemopen(tls.printed, sizeof tls.printed, "w");
	enum gateway_status status;

	assert_non_null(errors);
	status = config_read_text(tls.file, span_of(yaml), errors, &tls.config);
	fclose(errors);
	return status;
}

/* The place and the first words of the only complaint. */
static void expect_error(const char *yaml, const char *place, const char *what)
{
	char start[128];
	const char *line;

	assert_int_equal(read_yaml(yaml), GATEWAY_BAD_CONFIG);
	snprintf(start, sizeof start, "%s:%s: error: ", tls.file, place);
	line = strstr(tls.printed, start);
	if (!line || line != tls.printed || !strstr(line, what) ||
	    strstr(line + 1, ": error: ") !=
		    line + strlen(start) - strlen(": error: "))
		fail_msg("%s", tls.printed);
}

static void sec_8_a_listener_with_certificate_and_key_is_taken(void **state)
{
	(void)state;
	make("a", 90);
	assert_int_equal(read_yaml(LISTEN ", tls: {cert_file: a.pem, key_file:"
					  " a.key, ca_file: a.pem}}\n"),
			 GATEWAY_OK);
	assert_int_equal(tls.config->sip.listen[1].transport, TRANSPORT_TLS);
	assert_int_equal(tls.config->sip.listen[1].port, 5061);
	assert_int_equal(tls.config->sip.listen[0].port, 5060);
	assert_int_equal(tls.config->later_count, 0);
	assert_int_equal(tls.config->ends_soon.line, 0);
	assert_true(tls.config->sip.tls.verify);
}

static void sec_8_next_hops_over_tls_are_taken_with_a_listener(void **state)
{
	(void)state;
	make("a", 90);
	assert_int_equal(read_yaml(LISTEN ", tls: {cert_file: a.pem, key_file:"
					  " a.key}}\n"
					  "routing: {fallback:"
					  " \"sips:a.example\"}\n"
					  "replies: {next_hop:"
					  " \"sip:b.example;transport=tls\"}"
					  "\n"),
			 GATEWAY_OK);
}

static void sec_8_a_certificate_that_ends_soon_is_warned_of(void **state)
{
	FILE *out;

	(void)state;
	make("a", 20);
	assert_int_equal(read_yaml(LISTEN ",\n tls: {cert_file: a.pem,"
					  " key_file: a.key}}\n"),
			 GATEWAY_OK);
	out = fmemopen(tls.printed, sizeof tls.printed, "w");
	config_print_warnings(tls.config, out);
	fclose(out);
	assert_non_null(strstr(tls.printed,
			       "/t.yaml:2:19: warning: the certificate of "
			       "sip.tls.cert_file ends within 30 days\n"));
}

static void sec_8_an_expired_certificate_is_no_configuration(void **state)
{
	(void)state;
	make("a", -1);
	expect_error(LISTEN ",\n tls: {cert_file: a.pem, key_file: a.key}}\n",
		     "2:19", "a.pem has expired");
}

static void sec_8_a_missing_certificate_has_its_place(void **state)
{
	(void)state;
	expect_error(LISTEN ",\n tls: {cert_file: a.pem, key_file: a.key}}\n",
		     "2:19", "a.pem cannot be read: No such file");
}

static void sec_15_a_key_for_everybody_has_its_place(void **state)
{
	char key[64];

	(void)state;
	make("a", 90);
	snprintf(key, sizeof key, "%s/a.key", tls.folder);
	assert_int_equal(chmod(key, 0644), 0);
	expect_error(LISTEN ",\n tls: {cert_file: a.pem, key_file: a.key}}\n",
		     "2:36", "group or others may read");
}

static void sec_8_a_key_of_another_has_its_place(void **state)
{
	(void)state;
	make("a", 90);
	make("b", 90);
	expect_error(LISTEN ",\n tls: {cert_file: a.pem, key_file: b.key}}\n",
		     "2:36", "is not that of");
}

static void sec_8_authorities_have_to_be_certificates(void **state)
{
	(void)state;
	make("a", 90);
	expect_error(LISTEN ",\n tls: {cert_file: a.pem, key_file: a.key,\n"
			    "       ca_file: a.key}}\n",
		     "3:17", "a.key holds no certificate in PEM");
}

static void sec_8_authorities_do_not_matter_without_verify(void **state)
{
	(void)state;
	make("a", 90);
	assert_int_equal(read_yaml(LISTEN ", tls: {cert_file: a.pem, key_file:"
					  " a.key, ca_file: a.key,"
					  " verify: false}}\n"),
			 GATEWAY_OK);
}

#define TLS(test) cmocka_unit_test_setup_teardown(test, tls_open, tls_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TLS(sec_8_a_listener_with_certificate_and_key_is_taken),
		TLS(sec_8_next_hops_over_tls_are_taken_with_a_listener),
		TLS(sec_8_a_certificate_that_ends_soon_is_warned_of),
		TLS(sec_8_an_expired_certificate_is_no_configuration),
		TLS(sec_8_a_missing_certificate_has_its_place),
		TLS(sec_15_a_key_for_everybody_has_its_place),
		TLS(sec_8_a_key_of_another_has_its_place),
		TLS(sec_8_authorities_have_to_be_certificates),
		TLS(sec_8_authorities_do_not_matter_without_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
