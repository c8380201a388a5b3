#define _DEFAULT_SOURCE /* mkdtemp */

#include "tests/unit/tls_live.h"

static void deliver_to(const char *identity)
{
	unsigned before = live.done_count;

	tls_forward_to(identity);
	tls_answer("200 OK");
	assert_int_equal(live.done_count, before + 1);
	assert_int_equal(live.outcome.code, 200);
}

static void sip_38_a_domain_that_proves_itself_gets_the_message(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("URI:sip:im.example");
	tls_forward_to("im.example");
	assert_true(tls.done);
	assert_int_equal(
		strncmp(live_header(tls.got, "Via"), "SIP/2.0/TLS ", 12), 0);
	assert_string_equal(tls.server_name, "im.example");
	assert_true(SSL_version(tls.ssl) >= TLS1_2_VERSION);
	tls_answer("200 OK");
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live.outcome.code, 200);
	assert_int_equal(live_code(), 200);
}

static void sip_38_our_certificate_is_shown_to_who_asks(void **state)
{
	X509 *shown;

	(void)state;
	tls_listen();
	tls_peer_of("DNS:im.example");
	SSL_CTX_set_verify(tls.context,
			   SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			   NULL);
	assert_int_equal(SSL_CTX_load_verify_file(tls.context, tls.ca), 1);
	tls_forward_to("im.example");
	shown = SSL_get1_peer_certificate(tls.ssl);
	assert_true(sipside_certificate_names(shown, "gw.example.net"));
	X509_free(shown);
	tls_answer("200 OK");
}

/* CONF-5: the SRV target is a name from the DNS, and proves nothing. */
static void sec_7_the_name_of_the_srv_target_is_not_enough(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("URI:sip:simple.im.example,DNS:simple.im.example");
	tls_forward_to("im.example");
	tls_expect_fault("TLS handshake failed: certificate does not match "
			 "im.example");
}

static void sip_38_a_wildcard_is_not_enough(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("DNS:*.im.example");
	tls_forward_to("a.im.example");
	tls_expect_fault("TLS handshake failed: certificate does not match "
			 "a.im.example");
}

static void refuse(const struct certificate *certificate, const char *reason)
{
	struct certificate_pair own =
		certificate_make(certificate, &tls.authority);

	tls_listen();
	tls_peer(&own);
	certificate_free(&own);
	tls_forward_to("im.example");
	tls_expect_fault(reason);
}

static void enum_40_an_expired_certificate_is_refused(void **state)
{
	(void)state;
	refuse(&(struct certificate){ .names = "DNS:im.example",
				      .from_s = -100,
				      .to_s = -50 },
	       "TLS handshake failed: certificate has expired");
}

static void enum_40_a_certificate_of_nobody_is_refused(void **state)
{
	(void)state;
	refuse(&(struct certificate){ .names = "DNS:im.example",
				      .self_signed = true },
	       "TLS handshake failed: self-signed certificate");
}

static void enum_40_a_certificate_for_code_is_refused(void **state)
{
	(void)state;
	refuse(&(struct certificate){ .names = "DNS:im.example",
				      .purposes = "codeSigning" },
	       "TLS handshake failed: certificate is not for SIP");
}

/* A certificate signed by one that is no authority. */
static void enum_40_not_everybody_is_an_authority(void **state)
{
	struct certificate_pair fake = tls_certificate("DNS:a.example");
	struct certificate_pair own = certificate_make(
		&(struct certificate){ .names = "DNS:im.example" }, &fake);

	(void)state;
	tls_listen();
	tls_peer(&own);
	SSL_CTX_add1_chain_cert(tls.context, fake.cert);
	certificate_free(&own);
	certificate_free(&fake);
	tls_forward_to("im.example");
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_int_equal(tls.got_len, 0);
}

static void sec_8_tls_1_1_is_refused(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("DNS:im.example");
	SSL_CTX_set_min_proto_version(tls.context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(tls.context, TLS1_1_VERSION);
	SSL_CTX_set_security_level(tls.context, 0);
	tls_forward_to("im.example");
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_int_equal(
		strncmp(live.outcome.reason, "TLS handshake failed: ", 22), 0);
}

/* It wants a certificate of an authority that did not sign ours. */
static void conf_15_a_peer_that_refuses_us_is_told_from_silence(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("DNS:im.example");
	SSL_CTX_set_verify(tls.context, SSL_VERIFY_PEER, NULL);
	tls_forward_to("im.example");
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_string_equal(live.outcome.reason,
			    "TLS handshake failed: the peer says: unknown CA");
}

static void conf_15_a_peer_that_hangs_up_is_told_from_silence(void **state)
{
	(void)state;
	tls_listen();
	live_send(&(struct live_request){ 0 });
	tls_peer_of("DNS:im.example");
	live_answer_all(500, NULL);
	live_send(&(struct live_request){ .branch = "b2" });
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	hop.attempt.hop.transport = TRANSPORT_TLS;
	hop.attempt.hop.port = tls.port;
	snprintf(hop.attempt.hop.identity, sizeof hop.attempt.hop.identity,
		 "im.example");
	hop_send(&hop.attempt);
	close(accept(tls.listening, NULL, NULL));
	live_run(60);
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
}

static void conf_15_a_handshake_that_hangs_is_given_up(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("DNS:im.example");
	live_send(&(struct live_request){ 0 });
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	hop.attempt.hop.transport = TRANSPORT_TLS;
	hop.attempt.hop.port = tls.port;
	snprintf(hop.attempt.hop.identity, sizeof hop.attempt.hop.identity,
		 "im.example");
	hop_send(&hop.attempt);
	live_run(TLS_LIVE_CONNECT_MS + 200);
	tls_expect_fault("TLS handshake failed: no answer");
}

static void sip_38_a_connection_serves_many_messages(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("URI:sip:im.example");
	for (int i = 0; i < 3; i++)
		deliver_to("im.example");
	assert_int_equal(tls.accepted, 1);
}

/* Even when the certificate has the other name too: the library would look at
 * its common name, which counts for nothing beside others. */
static void sip_38_a_connection_serves_one_domain_only(void **state)
{
	struct certificate_pair own = certificate_make(
		&(struct certificate){ .common_name = "b.example",
				       .names = "DNS:a.example" },
		&tls.authority);

	(void)state;
	tls_listen();
	tls_peer(&own);
	certificate_free(&own);
	deliver_to("a.example");
	tls.got_len = 0;
	tls_forward_to("b.example");
	assert_int_equal(tls.got_len, 0); /* not on this connection */
	tls_hang_up();
	tls_run(60);
	assert_int_equal(tls.accepted, 2);
	assert_string_equal(live.outcome.reason,
			    "TLS handshake failed: certificate does not match "
			    "b.example");
}

static void sec_8_without_verify_any_certificate_will_do(void **state)
{
	struct certificate_pair own = certificate_make(
		&(struct certificate){ .names = "DNS:a.example" }, NULL);

	(void)state;
	tls_listen();
	tls_peer(&own);
	certificate_free(&own);
	deliver_to("im.example");
}

/* The SIP library forgets to free its connections. */
static void sec_17_a_connection_that_has_ended_is_freed(void **state)
{
	(void)state;
	tls_listen();
	tls_peer_of("DNS:im.example");
	deliver_to("im.example");
	assert_int_equal(sipside_tls_count(live.side->tls), 1);
	tls_hang_up();
	tls_run(60);
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
	tls_peer_of("DNS:other.example"); /* a handshake that fails */
	tls_forward_to("im.example");
	tls_run(30);
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
	close(tls.listening); /* and no handshake at all */
	tls.listening = -1;
	tls_hang_up();
	tls_forward_to("im.example");
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
}

/* As newer versions of the library do it. */
static void sec_17_what_the_library_frees_is_not_freed_twice(void **state)
{
	SSL *ssl = SSL_new(live.side->tls->caught);
	int fd = live_socket(SOCK_STREAM, "127.0.0.4", 0);

	(void)state;
	assert_int_equal(SSL_set_fd(ssl, fd), 1);
	assert_int_equal(sipside_tls_count(live.side->tls), 1);
	(void)SSL_shutdown(ssl);
	(void)SSL_shutdown(ssl);
	SSL_free(ssl);
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
	live_run(30);
	close(fd);
}

#define TLS(test) cmocka_unit_test_setup_teardown(test, tls_open, tls_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TLS(sip_38_a_domain_that_proves_itself_gets_the_message),
		TLS(sip_38_our_certificate_is_shown_to_who_asks),
		TLS(sec_7_the_name_of_the_srv_target_is_not_enough),
		TLS(sip_38_a_wildcard_is_not_enough),
		TLS(enum_40_an_expired_certificate_is_refused),
		TLS(enum_40_a_certificate_of_nobody_is_refused),
		TLS(enum_40_a_certificate_for_code_is_refused),
		TLS(enum_40_not_everybody_is_an_authority),
		TLS(sec_8_tls_1_1_is_refused),
		TLS(conf_15_a_peer_that_refuses_us_is_told_from_silence),
		TLS(conf_15_a_peer_that_hangs_up_is_told_from_silence),
		TLS(conf_15_a_handshake_that_hangs_is_given_up),
		TLS(sip_38_a_connection_serves_many_messages),
		TLS(sip_38_a_connection_serves_one_domain_only),
		cmocka_unit_test_setup_teardown(
			sec_8_without_verify_any_certificate_will_do,
			tls_open_unverified, tls_close),
		TLS(sec_17_a_connection_that_has_ended_is_freed),
		TLS(sec_17_what_the_library_frees_is_not_freed_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
