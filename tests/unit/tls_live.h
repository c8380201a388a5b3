#ifndef IMGW_TESTS_TLS_LIVE_H
#define IMGW_TESTS_TLS_LIVE_H

/** The SIP side with a tls: listener, and a TLS peer of it that the test
 *  plays in the same loop: as the next hop at 127.0.0.3, or as a sender. */

#include <fcntl.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "gateway/sip/sip_certificate.h"
#include "gateway/sip/sip_private.h"
#include "gateway/sip/sip_tls_link.h"
#include "tests/unit/certificates.h"
#include "tests/unit/sip_out_live.h"

#define TLS_LIVE_CONNECT_MS 300

static struct {
	char folder[32];
	char cert[64], key[64], ca[64];
	struct certificate_pair authority;
	struct listen_address listen[3];
	/* the peer */
	SSL_CTX *context;
	int listening; /* -1: it is a sender */
	uint16_t port;
	SSL *ssl; /* NULL: nobody is connected */
	unsigned accepted;
	unsigned requests; /* that came in */
	bool done, failed; /* the handshake */
	char got[8192];
	size_t got_len;
	char server_name[64];
} tls;

static inline struct certificate_pair tls_certificate(const char *names)
{
	return certificate_make(&(struct certificate){ .names = names },
				&tls.authority);
}

static inline void tls_make_files(void)
{
	struct certificate_pair own;

	snprintf(tls.folder, sizeof tls.folder, "/tmp/imgw-XXXXXX");
	assert_non_null(mkdtemp(tls.folder));
	snprintf(tls.cert, sizeof tls.cert, "%s/own.pem", tls.folder);
	snprintf(tls.key, sizeof tls.key, "%s/own.key", tls.folder);
	snprintf(tls.ca, sizeof tls.ca, "%s/ca.pem", tls.folder);
	tls.authority = certificate_make(
		&(struct certificate){ .common_name = "authority",
				       .is_authority = true },
		NULL);
	certificate_write(&tls.authority, tls.folder, "ca");
	own = tls_certificate("URI:sip:gw.example.net");
	certificate_write(&own, tls.folder, "own");
	certificate_free(&own);
}

static inline struct sipside_options tls_options(void)
{
	struct sipside_options options = live_options();

	memcpy(tls.listen, live.listen, sizeof live.listen);
	tls.listen[2] = live.listen[1];
	tls.listen[2].transport = TRANSPORT_TLS;
	tls.listen[2].port++;
	options.listen = tls.listen;
	options.listen_count = 3;
	options.connect_timeout_ms = TLS_LIVE_CONNECT_MS;
	options.tls = (struct sipside_tls_files){ .cert_file = tls.cert,
						  .key_file = tls.key,
						  .ca_file = tls.ca,
						  .verify = true };
	return options;
}

static inline void tls_open_with(bool verify)
{
	struct sipside_options options;

	memset(&tls, 0, sizeof tls);
	memset(&hop, 0, sizeof hop);
	tls.listening = -1;
	tls_make_files();
	live_reserve();
	options = tls_options();
	options.tls.verify = verify;
	live_open_with(&options);
	hop.udp = live_socket(SOCK_DGRAM, "127.0.0.3", 0);
	hop.tcp = -1;
}

static inline int tls_open(void **state)
{
	(void)state;
	tls_open_with(true);
	return 0;
}

static inline int tls_open_unverified(void **state)
{
	(void)state;
	tls_open_with(false);
	return 0;
}

/** The peer hangs up. */
static inline void tls_hang_up(void)
{
	if (!tls.ssl)
		return;
	(void)SSL_shutdown(tls.ssl);
	close(SSL_get_fd(tls.ssl));
	SSL_free(tls.ssl);
	tls.ssl = NULL;
	tls.done = tls.failed = false;
	tls.got_len = 0;
}

static inline int tls_close(void **state)
{
	tls_hang_up();
	SSL_CTX_free(tls.context);
	if (tls.listening >= 0)
		close(tls.listening);
	hop_close(state);
	certificate_free(&tls.authority);
	certificate_remove(tls.folder, "ca");
	certificate_remove(tls.folder, "own");
	assert_int_equal(rmdir(tls.folder), 0);
	ERR_clear_error();
	return 0;
}

/* The peer. */

static inline int tls_note_name(SSL *ssl, int *alert, void *arg)
{
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	(void)alert;
	(void)arg;
	snprintf(tls.server_name, sizeof tls.server_name, "%s",
		 name ? name : "");
	return SSL_TLSEXT_ERR_OK;
}

/** @param own  its certificate; NULL: none */
static inline void tls_peer(const struct certificate_pair *own)
{
	SSL_CTX_free(tls.context);
	tls.context = SSL_CTX_new(TLS_method());
	assert_non_null(tls.context);
	SSL_CTX_set_tlsext_servername_callback(tls.context, tls_note_name);
	if (!own)
		return;
	assert_int_equal(SSL_CTX_use_certificate(tls.context, own->cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(tls.context, own->key), 1);
}

/** The peer with a certificate of the authority. */
static inline void tls_peer_of(const char *names)
{
	struct certificate_pair own = tls_certificate(names);

	tls_peer(&own);
	certificate_free(&own);
}

/** It is the next hop. */
static inline void tls_listen(void)
{
	tls.listening =
		live_socket(SOCK_STREAM | SOCK_NONBLOCK, "127.0.0.3", 0);
	assert_int_equal(listen(tls.listening, 4), 0);
	tls.port = (uint16_t)live_port_of(tls.listening);
}

static inline void tls_take_socket(int fd)
{
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	tls.ssl = SSL_new(tls.context);
	assert_int_equal(SSL_set_fd(tls.ssl, fd), 1);
}

/** It is a sender; @return the socket */
static inline int tls_connect_to_us(void)
{
	struct sockaddr_in to = live_address("127.0.0.1", tls.listen[2].port);
	int fd = live_socket(SOCK_STREAM, "127.0.0.4", 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static inline void tls_begin(void)
{
	tls_take_socket(tls_connect_to_us());
	SSL_set_connect_state(tls.ssl);
}

static inline void tls_accept(void)
{
	int fd = accept(tls.listening, NULL, NULL);

	if (fd < 0)
		return;
	tls_take_socket(fd);
	SSL_set_accept_state(tls.ssl);
	tls.accepted++;
}

static inline void tls_judge(int result)
{
	int error = SSL_get_error(tls.ssl, result);

	if (result <= 0 && error != SSL_ERROR_WANT_READ)
		tls.failed = true;
	ERR_clear_error();
}

static inline void tls_step(void)
{
	int got;

	if (!tls.ssl && tls.listening >= 0)
		tls_accept();
	if (!tls.ssl || tls.failed)
		return;
	got = SSL_do_handshake(tls.ssl);
	tls_judge(got);
	if (got != 1)
		return;
	tls.done = true;
	got = SSL_read(tls.ssl, tls.got + tls.got_len,
		       (int)(sizeof tls.got - tls.got_len - 1));
	tls_judge(got);
	if (got > 0)
		tls.got_len += (size_t)got;
	tls.got[tls.got_len] = '\0';
}

/** Let both turn for a while. */
static inline void tls_run(int ms)
{
	for (; ms > 0; ms -= 5) {
		tls_step();
		live_run(5);
	}
	tls_step();
}

static inline void tls_write(const char *text)
{
	assert_true(SSL_write(tls.ssl, text, (int)strlen(text)) > 0);
	tls_run(30);
}

/* Attempts. */

/** Send what came in on to the peer, which has to be im.example. */
static inline void tls_forward_to(const char *identity)
{
	char branch[16];

	snprintf(branch, sizeof branch, "t%u", ++tls.requests);
	live_answer_all(202, NULL);
	live_send(&(struct live_request){ .branch = branch });
	assert_int_equal(live.count, 1);
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	hop.attempt.hop.transport = TRANSPORT_TLS;
	hop.attempt.hop.transport_advertised = true;
	hop.attempt.hop.port = tls.port;
	snprintf(hop.attempt.hop.host, sizeof hop.attempt.hop.host,
		 "simple.im.example");
	snprintf(hop.attempt.hop.identity, sizeof hop.attempt.hop.identity,
		 "%s", identity);
	hop_send(&hop.attempt);
	tls_run(60);
}

/** The peer answers the request that it has. */
static inline void tls_answer(const char *status)
{
	char text[4096];

	assert_int_equal(strncmp(tls.got, "MESSAGE ", 8), 0);
	hop_answer_text(tls.got, status, "", text, sizeof text);
	tls.got_len = 0;
	tls_write(text);
}

/** The attempt came to this, and nothing was sent. */
static inline void tls_expect_fault(const char *reason)
{
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_int_equal(live.outcome.code, 504);
	assert_string_equal(live.outcome.reason, reason);
	assert_int_equal(tls.got_len, 0);
}

#endif
