#define _DEFAULT_SOURCE /* mkdtemp */

#include "tests/unit/tls_live.h"

static const char *request_text(const char *branch)
{
	static char text[4096];
	const struct live_request request = { .branch = branch,
					      .transport = "TLS" };

	live_request_text(&request, text, sizeof text);
	return text;
}

/* A sender with a certificate of the authority. */
static void connect_with(const char *names)
{
	tls_peer_of(names);
	tls_begin();
	tls_run(60);
}

static void expect_refusal(void)
{
	tls_run(60);
	assert_true(tls.failed);
	assert_int_equal(live.count, 0);
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
}

static void sip_38_a_sender_with_a_certificate_is_heard(void **state)
{
	(void)state;
	connect_with("URI:sip:peer.example");
	assert_true(tls.done);
	tls_write(request_text("b1"));
	assert_int_equal(live.count, 1);
	live_answer_all(200, NULL);
	tls_run(30);
	assert_int_equal(strncmp(tls.got, "SIP/2.0 200 ", 12), 0);
}

/* Whom we believe is still said by the addresses. */
static void sec_3_a_certificate_admits_nobody(void **state)
{
	(void)state;
	live.trust = ADMISSION_NOBODY;
	connect_with("URI:sip:peer.example");
	tls_write(request_text("b1"));
	assert_int_equal(live.count, 0);
	assert_int_equal(strncmp(tls.got, "SIP/2.0 403 ", 12), 0);
}

static void sec_8_a_sender_without_a_certificate_is_refused(void **state)
{
	(void)state;
	tls_peer(NULL);
	tls_begin();
	expect_refusal();
}

static void sec_8_a_sender_with_a_certificate_of_nobody_is_refused(void **state)
{
	struct certificate_pair own = certificate_make(
		&(struct certificate){ .names = "DNS:peer.example" }, NULL);

	(void)state;
	tls_peer(&own);
	certificate_free(&own);
	tls_begin();
	expect_refusal();
}

static void sec_8_a_sender_with_an_expired_certificate_is_refused(void **state)
{
	struct certificate_pair own = certificate_make(
		&(struct certificate){ .names = "DNS:peer.example",
				       .from_s = -100,
				       .to_s = -50 },
		&tls.authority);

	(void)state;
	tls_peer(&own);
	certificate_free(&own);
	tls_begin();
	expect_refusal();
}

/* RFC 5924: one certificate for both directions. */
static void sip_38_a_sender_may_show_the_certificate_of_a_server(void **state)
{
	struct certificate_pair own = certificate_make(
		&(struct certificate){ .names = "DNS:peer.example",
				       .purposes = "serverAuth" },
		&tls.authority);

	(void)state;
	tls_peer(&own);
	certificate_free(&own);
	tls_begin();
	tls_run(60);
	tls_write(request_text("b1"));
	assert_int_equal(live.count, 1);
}

static void sec_8_without_verify_a_certificate_is_not_asked_for(void **state)
{
	(void)state;
	tls_peer(NULL);
	tls_begin();
	tls_run(60);
	tls_write(request_text("b1"));
	assert_int_equal(live.count, 1);
}

static void begin_with_version(int version)
{
	tls_peer_of("DNS:peer.example");
	SSL_CTX_set_security_level(tls.context, 0);
	SSL_CTX_set_min_proto_version(tls.context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(tls.context, version);
	tls_begin();
	tls_run(60);
}

static void sec_8_tls_1_0_and_1_1_are_refused(void **state)
{
	(void)state;
	begin_with_version(TLS1_VERSION);
	expect_refusal();
	tls_hang_up();
	begin_with_version(TLS1_1_VERSION);
	expect_refusal();
}

static void sec_8_tls_1_2_has_forward_secrecy(void **state)
{
	(void)state;
	begin_with_version(TLS1_2_VERSION);
	assert_true(tls.done);
	assert_int_equal(SSL_CIPHER_get_kx_nid(SSL_get_current_cipher(tls.ssl)),
			 NID_kx_ecdhe);
	assert_true(SSL_CIPHER_is_aead(SSL_get_current_cipher(tls.ssl)));
}

static void sec_8_tls_1_2_without_forward_secrecy_is_refused(void **state)
{
	(void)state;
	tls_peer_of("DNS:peer.example");
	SSL_CTX_set_max_proto_version(tls.context, TLS1_2_VERSION);
	assert_int_equal(SSL_CTX_set_cipher_list(tls.context,
						 "ECDHE-ECDSA-AES128-SHA256:"
						 "AES128-GCM-SHA256"),
			 1);
	tls_begin();
	expect_refusal();
}

static void sec_17_a_handshake_that_hangs_is_ended(void **state)
{
	char octet;
	int fd;

	(void)state;
	fd = tls_connect_to_us();
	live_run(TLS_LIVE_CONNECT_MS / 2);
	assert_int_equal(sipside_tls_count(live.side->tls), 1);
	assert_int_equal(recv(fd, &octet, 1, MSG_DONTWAIT), -1);
	live_run(TLS_LIVE_CONNECT_MS + 1000);
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
	assert_int_equal(recv(fd, &octet, 1, MSG_DONTWAIT), 0);
	close(fd);
}

/* One record in two segments: after the first of them there is nothing to
 * read yet. */
static void write_in_halves(const char *text)
{
	BIO *memory = BIO_new(BIO_s_mem()), *wire = SSL_get_wbio(tls.ssl);
	char *record;
	size_t len, half;

	assert_int_equal(BIO_up_ref(wire), 1);
	BIO_up_ref(memory);
	SSL_set0_wbio(tls.ssl, memory);
	assert_true(SSL_write(tls.ssl, text, (int)strlen(text)) > 0);
	SSL_set0_wbio(tls.ssl, wire);
	len = (size_t)BIO_get_mem_data(memory, &record);
	half = len / 2;
	assert_int_equal(send(SSL_get_fd(tls.ssl), record, half, 0), half);
	live_run(30);
	assert_int_equal(
		send(SSL_get_fd(tls.ssl), record + half, len - half, 0),
		len - half);
	live_run(30);
	BIO_free(memory);
}

static void send_garbage(void)
{
	int fd = tls_connect_to_us();

	assert_int_equal(send(fd, "MESSAGE tel:+1", 14, 0), 14);
	live_run(30);
	close(fd);
}

/* OpenSSL keeps errors for the thread, and the library reads them as those of
 * the connection that it looks at next. The peer does not turn meanwhile: it
 * shares the thread, and clears errors too. */
static void sec_17_garbage_does_not_end_the_connection_of_others(void **state)
{
	(void)state;
	connect_with("URI:sip:peer.example");
	send_garbage();
	write_in_halves(request_text("b1"));
	tls_run(30);
	assert_false(tls.failed);
	assert_int_equal(live.count, 1);
}

/* Nor does a handshake that is given up before it has begun. */
static void sec_17_a_scan_does_not_end_the_connection_of_others(void **state)
{
	(void)state;
	connect_with("URI:sip:peer.example");
	close(tls_connect_to_us());
	live_run(30);
	write_in_halves(request_text("b1"));
	tls_run(30);
	assert_false(tls.failed);
	assert_int_equal(live.count, 1);
}

static void sec_17_many_connections_leave_nothing_behind(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		close(tls_connect_to_us());
		live_run(5);
	}
	connect_with("URI:sip:peer.example");
	tls_hang_up();
	live_run(60);
	assert_int_equal(sipside_tls_count(live.side->tls), 0);
}

/* Start. */

static void exercise_start(void)
{
	const struct sipside_tls_options options = { .cert_file = tls.cert,
						     .key_file = tls.key };
	struct sipside_tls *made = NULL;

	(void)!sipside_tls_create(live.loop, &options, &made);
	sipside_tls_destroy(&made);
}

static void sec_8_start_survives_without_memory(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise_start) > 0);
}

static void sec_8_without_its_files_there_is_no_start(void **state)
{
	struct sipside_options options;
	struct sipside *side;

	(void)state;
	sipside_destroy(&live.side);
	options = tls_options();
	options.tls.ca_file = "/dev/null";
	assert_int_equal(sipside_create(live.loop, &options, &side),
			 GATEWAY_BAD_CONFIG);
	options.tls.key_file = tls.cert;
	assert_int_equal(sipside_create(live.loop, &options, &side),
			 GATEWAY_BAD_CONFIG);
	assert_null(side);
}

#define TLS(test) cmocka_unit_test_setup_teardown(test, tls_open, tls_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TLS(sip_38_a_sender_with_a_certificate_is_heard),
		TLS(sec_3_a_certificate_admits_nobody),
		TLS(sec_8_a_sender_without_a_certificate_is_refused),
		TLS(sec_8_a_sender_with_a_certificate_of_nobody_is_refused),
		TLS(sec_8_a_sender_with_an_expired_certificate_is_refused),
		TLS(sip_38_a_sender_may_show_the_certificate_of_a_server),
		cmocka_unit_test_setup_teardown(
			sec_8_without_verify_a_certificate_is_not_asked_for,
			tls_open_unverified, tls_close),
		TLS(sec_8_tls_1_0_and_1_1_are_refused),
		TLS(sec_8_tls_1_2_has_forward_secrecy),
		TLS(sec_8_tls_1_2_without_forward_secrecy_is_refused),
		TLS(sec_17_a_handshake_that_hangs_is_ended),
		TLS(sec_17_garbage_does_not_end_the_connection_of_others),
		TLS(sec_17_a_scan_does_not_end_the_connection_of_others),
		TLS(sec_17_many_connections_leave_nothing_behind),
		TLS(sec_8_start_survives_without_memory),
		TLS(sec_8_without_its_files_there_is_no_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
