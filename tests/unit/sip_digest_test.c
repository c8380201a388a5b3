#include "tests/unit/unit.h"

#include "gateway/sip/sip_digest.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define PARAMS_MAX   16

/* A header as the SIP library splits it. */
struct header {
	const char *scheme;
	const char *params[PARAMS_MAX];
};

#define MUFASA_7616                                                        \
	"username=\"Mufasa\"", "realm=\"http-auth@example.org\"",          \
		"uri=\"/dir/index.html\"",                                 \
		"nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"",  \
		"nc=00000001",                                             \
		"cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"", \
		"qop=auth",                                                \
		"opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""

/* RFC 7616, 3.9.1; RFC 2617, 3.5; and its request without qop, for which the
 * formula of RFC 2069 was computed with md5sum. */
static const struct {
	struct header header;
	const char *password;
} examples[] = {
	{ { "Digest",
	    { MUFASA_7616, "algorithm=MD5",
	      "response=\"8ca523f5e9506fed4657c9700eebdbec\"" } },
	  "Circle of Life" },
	{ { "digest",
	    { MUFASA_7616, "Algorithm = sha-256",
	      "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8"
	      "db5856cb6c1\"" } },
	  "Circle of Life" },
	{ { "Digest",
	    { "username=\"Mufasa\"", "realm=\"testrealm@host.com\"",
	      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
	      "uri=\"/dir/index.html\"", "qop=auth", "nc=00000001",
	      "cnonce=\"0a4f113b\"",
	      "response=\"6629fae49393a05397450978507c4ef1\"" } },
	  "Circle Of Life" },
	{ { "Digest",
	    { "username=\"Mufasa\"", "realm=\"testrealm@host.com\"",
	      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
	      "uri=\"/dir/index.html\"",
	      "response=\"670fd8c2df070c60b045671b8b24ff02\"" } },
	  "Circle Of Life" },
};

static void sip_35_the_examples_of_the_rfcs_come_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct header *h = &examples[i].header;
		char secret[SIPSIDE_DIGEST_SIZE], out[SIPSIDE_DIGEST_SIZE];
		struct sipside_digest d;

		assert_true(sipside_digest_read(h->scheme, h->params, &d));
		assert_true(sipside_digest_secret(d.algorithm, d.username,
						  d.realm, examples[i].password,
						  secret));
		assert_true(sipside_digest_respond(&d, secret, "GET", out));
		assert_true(span_is(d.response, out));
		assert_true(sipside_digest_matches(&d, secret, "GET"));
	}
}

static void sip_35_every_part_of_a_request_counts(void **state)
{
	const struct header *h = &examples[0].header;
	const struct span other = { "00000002", 8 };
	char secret[SIPSIDE_DIGEST_SIZE];
	struct sipside_digest good;
	struct span *const parts[] = { &good.nonce, &good.uri, &good.count,
				       &good.cnonce, &good.qop };

	(void)state;
	assert_true(sipside_digest_read(h->scheme, h->params, &good));
	assert_true(sipside_digest_secret(good.algorithm, good.username,
					  good.realm, "Circle of Life",
					  secret));
	assert_false(sipside_digest_matches(&good, secret, "POST"));
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct span kept = *parts[i];

		*parts[i] = other;
		assert_false(sipside_digest_matches(&good, secret, "GET"));
		*parts[i] = kept;
	}
	assert_true(sipside_digest_matches(&good, secret, "GET"));
	good.response.len--;
	assert_false(sipside_digest_matches(&good, secret, "GET"));
	good.response.len = 0;
	assert_false(sipside_digest_matches(&good, secret, "GET"));
	secret[0] = secret[0] == 'a' ? 'b' : 'a';
	assert_true(sipside_digest_read(h->scheme, h->params, &good));
	assert_false(sipside_digest_matches(&good, secret, "GET"));
}

#define REALM_NONCE "realm=r", "nonce=n"

static const struct header unusable[] = {
	{ NULL, { NULL } },
	{ NULL, { REALM_NONCE } },
	{ "Basic", { REALM_NONCE } },
	{ "Digest", { NULL } },
	{ "Digest", { "realm=r" } },
	{ "Digest", { "nonce=n" } },
	{ "Digest", { REALM_NONCE, "nc" } },
	{ "Digest", { REALM_NONCE, "nonce=n" } },
	{ "Digest", { REALM_NONCE, "REALM=r" } },
	{ "Digest", { REALM_NONCE, "algorithm=SHA-512-256" } },
	{ "Digest", { REALM_NONCE, "algorithm=MD5-sess" } },
	{ "Digest", { REALM_NONCE, "algorithm=" } },
	{ "Digest", { REALM_NONCE, "opaque=\"a\r\n b\"" } },
	{ "Digest", { REALM_NONCE, "x=\x7f" } },
};

static void sip_34_35_what_is_no_digest_is_not_read(void **state)
{
	struct sipside_digest d;

	(void)state;
	assert_false(sipside_digest_read("Digest", NULL, &d));
	for (size_t i = 0; i < COUNT(unusable); i++)
		assert_false(sipside_digest_read(unusable[i].scheme,
						 unusable[i].params, &d));
}

static void sip_34_a_challenge_says_what_it_offers(void **state)
{
	static const struct header header = {
		"DIGEST",
		{ "realm=\"a \\\"b\\\"\"", "nonce=\"\"", "opaque=",
		  "qop=\"auth-int , AUTH\"", "STALE=TRUE", "charset=UTF-8" }
	};
	struct sipside_digest d;

	(void)state;
	assert_true(sipside_digest_read(header.scheme, header.params, &d));
	assert_int_equal(d.algorithm, SIPSIDE_DIGEST_MD5);
	assert_true(span_is(d.realm, "a \\\"b\\\""));
	assert_true(d.nonce.at && d.nonce.len == 0);
	assert_true(d.opaque.at && d.opaque.len == 0);
	assert_true(d.stale);
	assert_true(sipside_digest_offers(&d, "auth"));
	assert_true(sipside_digest_offers(&d, "auth-int"));
	assert_false(sipside_digest_offers(&d, "aut"));
	d.qop = (struct span){ 0 };
	assert_false(sipside_digest_offers(&d, "auth"));
	assert_null(d.username.at);
}

static void sip_35_each_algorithm_has_a_name_and_a_length(void **state)
{
	(void)state;
	assert_string_equal(sipside_digest_word(SIPSIDE_DIGEST_MD5), "MD5");
	assert_string_equal(sipside_digest_word(SIPSIDE_DIGEST_SHA256),
			    "SHA-256");
	assert_int_equal(sipside_digest_len(SIPSIDE_DIGEST_MD5), 32);
	assert_int_equal(sipside_digest_len(SIPSIDE_DIGEST_SHA256), 64);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_35_the_examples_of_the_rfcs_come_out),
		cmocka_unit_test(sip_35_every_part_of_a_request_counts),
		cmocka_unit_test(sip_34_35_what_is_no_digest_is_not_read),
		cmocka_unit_test(sip_34_a_challenge_says_what_it_offers),
		cmocka_unit_test(sip_35_each_algorithm_has_a_name_and_a_length),
	};

	return cmocka_run_group_tests_name("sip_digest", tests, NULL, NULL);
}
