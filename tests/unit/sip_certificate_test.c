#include "gateway/sip/sip_certificate.h"

#include "tests/unit/certificates.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
	const char *name, *common_name, *names, *domain;
	bool good;
} cases[] = {
	{ "a URI of the domain", NULL, "URI:sip:im.example", "im.example",
	  true },
	{ "in any case", NULL, "URI:SIP:IM.Example", "im.example", true },
	{ "with a port", NULL, "URI:sip:im.example:5061", "im.example", true },
	{ "one of many", NULL, "URI:sip:a.example,URI:sip:im.example",
	  "im.example", true },
	{ "of another domain", NULL, "URI:sip:other.example", "im.example",
	  false },
	{ "of a user", NULL, "URI:sip:alice@im.example", "im.example", false },
	{ "sips: is no identity", NULL, "URI:sips:im.example", "im.example",
	  false },
	{ "another scheme", NULL, "URI:https:im.example", "im.example", false },
	{ "a DNS name", NULL, "DNS:im.example", "im.example", true },
	{ "a DNS name in any case", NULL, "DNS:IM.example", "im.example",
	  true },
	{ "another DNS name", NULL, "DNS:sip.im.example", "im.example", false },
	{ "no wildcards", NULL, "DNS:*.example", "im.example", false },
	{ "no wildcards, two labels", NULL, "DNS:*.im.example", "a.im.example",
	  false },
	{ "no wildcards in URIs", NULL, "URI:sip:*.im.example", "a.im.example",
	  false },
	{ "a part of a name", NULL, "DNS:im.example.org", "im.example", false },
	{ "a domain URI outdoes DNS names", NULL,
	  "URI:sip:other.example,DNS:im.example", "im.example", false },
	{ "a user's URI does not", NULL,
	  "URI:sip:alice@other.example,DNS:im.example", "im.example", true },
	{ "a common name alone", "im.example", NULL, "im.example", true },
	{ "another common name", "other.example", NULL, "im.example", false },
	{ "a common name beside a DNS name", "im.example", "DNS:other.example",
	  "im.example", false },
	{ "a common name beside a mail address", "im.example",
	  "email:a@im.example", "im.example", false },
	{ "a wildcard as common name", "*.im.example", NULL, "a.im.example",
	  false },
	{ "an address", NULL, "IP:192.0.2.1", "192.0.2.1", true },
	{ "an IPv6 address", NULL, "IP:2001:db8::1", "2001:db8::1", true },
	{ "another address", NULL, "IP:192.0.2.2", "192.0.2.1", false },
	{ "an address as URI", NULL, "URI:sip:192.0.2.1", "192.0.2.1", true },
	{ "an IPv6 address as URI", NULL, "URI:sip:[2001:db8::1]",
	  "2001:db8::1", true },
	{ "an address is no DNS name", NULL, "DNS:192.0.2.1", "192.0.2.1",
	  false },
	{ "an address is no common name", "192.0.2.1", NULL, "192.0.2.1",
	  false },
	{ "nothing at all", NULL, NULL, "im.example", false },
	{ "no domain", "im.example", NULL, "", false },
};

static void sip_38_a_certificate_is_good_for_its_sip_domains_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct certificate c = { .common_name =
						       cases[i].common_name,
					       .names = cases[i].names };
		struct certificate_pair pair = certificate_make(&c, NULL);

		if (sipside_certificate_names(pair.cert, cases[i].domain) !=
		    cases[i].good)
			fail_msg("%s", cases[i].name);
		certificate_free(&pair);
	}
}

/* "im.example\0.evil.example" must not pass for what stands before the NUL. */
static void sip_38_a_nul_in_a_name_ends_nothing(void **state)
{
	static const char name[] = "im.example\0.evil.example";
	struct certificate_pair pair =
		certificate_make(&(struct certificate){ 0 }, NULL);
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *dns = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	(void)state;
	ASN1_STRING_set(text, name, sizeof name - 1);
	GENERAL_NAME_set0_value(dns, GEN_DNS, text);
	sk_GENERAL_NAME_push(names, dns);
	X509_add1_ext_i2d(pair.cert, NID_subject_alt_name, names, 0, 0);
	GENERAL_NAMES_free(names);
	assert_false(sipside_certificate_names(pair.cert, "im.example"));
	certificate_free(&pair);
}

static const struct {
	const char *purposes;
	bool good;
} purposes[] = {
	{ NULL, true },
	{ "serverAuth", true },
	{ "clientAuth", true },
	{ "anyExtendedKeyUsage", true },
	{ "1.3.6.1.5.5.7.3.20", true },
	{ "codeSigning,1.3.6.1.5.5.7.3.20", true },
	{ "codeSigning", false },
	{ "1.3.6.1.5.5.7.3.2000.1.2.3", false },
};

static void sip_38_a_certificate_for_other_purposes_is_not_for_sip(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(purposes); i++) {
		const struct certificate c = { .purposes =
						       purposes[i].purposes };
		struct certificate_pair pair = certificate_make(&c, NULL);

		assert_int_equal(sipside_certificate_is_for_sip(pair.cert),
				 purposes[i].good);
		certificate_free(&pair);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			sip_38_a_certificate_is_good_for_its_sip_domains_only),
		cmocka_unit_test(sip_38_a_nul_in_a_name_ends_nothing),
		cmocka_unit_test(
			sip_38_a_certificate_for_other_purposes_is_not_for_sip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
