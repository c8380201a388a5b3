#define _GNU_SOURCE /* RTLD_NEXT */

#include "gateway/sip/sip_tls_link.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/err.h>

#include "gateway/sip/sip_certificate.h"
#include "routing/nexthop.h"

/** A connection over which nothing goes for so long is closed: the library
 *  never closes one that fell silent in mid-message. */
#define IDLE_MS (10 * 60 * 1000)

/** How often all connections are looked at. */
#define SWEEP_MS 500

/* (1) The library makes a connection. */

static struct sipside_tls_link *link_create(struct sipside_tls *tls, SSL *ssl)
{
	struct sipside_tls_link *link = calloc(1, sizeof *link);

	if (!link)
		return NULL;
	link->tls = tls;
	link->ssl = ssl;
	link->changed_ms = loop_now_ms(tls->loop);
	if (tls->aim) {
		link->outgoing = true;
		memcpy(link->identity, tls->aim->identity,
		       sizeof link->identity);
		memcpy(link->address, tls->aim->address, sizeof link->address);
		link->port = tls->aim->port;
	}
	link->next = tls->links;
	tls->links = link;
	return link;
}

/* Of this side, or NULL: the program may have other uses of TLS. */
static struct sipside_tls *side_of(const SSL *ssl)
{
	SSL_CTX *context = SSL_get_SSL_CTX(ssl);

	if (SSL_CTX_get_info_callback(context) != sipside_tls_on_info)
		return NULL;
	return SSL_CTX_get_app_data(context);
}

void sipside_tls_on_new(void *ssl, void *unused, CRYPTO_EX_DATA *data,
			int index, long argl, void *arg)
{
	struct sipside_tls *tls = arg;

	(void)unused;
	(void)argl;
	if (!tls || side_of(ssl) != tls)
		return;
	if (!tls->links)
		loop_timer_set(tls->sweep, SWEEP_MS);
	/* without memory there is no link, and nothing can be verified */
	(void)CRYPTO_set_ex_data(data, index, link_create(tls, ssl));
}

static struct sipside_tls_link *link_of(const SSL *ssl)
{
	const struct sipside_tls *tls = side_of(ssl);

	return tls ? SSL_get_ex_data(ssl, tls->link_index) : NULL;
}

/* (2) The handshake. */

/* The first reason is the best one. */
static void note(struct sipside_tls_link *link, const char *what,
		 const char *which)
{
	struct text text;

	if (link->why[0])
		return;
	text_init(&text, link->why, sizeof link->why);
	text_add(&text, what);
	text_add(&text, which);
}

/* RFC 6066, 3: a host of many domains shows the right certificate. */
static void name_server(struct sipside_tls_link *link)
{
	if (link->identity[0] && !nexthop_is_address(link->identity))
		(void)SSL_set_tlsext_host_name(link->ssl, link->identity);
}

static void on_exit_with(struct sipside_tls_link *link, int ret)
{
	const int error = SSL_get_error(link->ssl, ret);
	const char *reason;

	if (ret > 0 || error == SSL_ERROR_WANT_READ ||
	    error == SSL_ERROR_WANT_WRITE)
		return;
	reason = ERR_reason_error_string(ERR_peek_last_error());
	note(link, reason ? reason : "the peer closed the connection", "");
}

void sipside_tls_on_info(const SSL *ssl, int where, int ret)
{
	struct sipside_tls_link *link = link_of(ssl);

	if (!link)
		return;
	if ((where & SSL_CB_HANDSHAKE_START) && !SSL_is_server(ssl))
		name_server(link);
	if (where & SSL_CB_HANDSHAKE_DONE)
		link->established = true;
	if (where == SSL_CB_READ_ALERT && (ret & 0xff) != SSL_AD_CLOSE_NOTIFY)
		note(link, "the peer says: ", SSL_alert_desc_string_long(ret));
	if (where & SSL_CB_EXIT)
		on_exit_with(link, ret);
}

/* @return what to tell the peer, or X509_V_OK */
static int judge(struct sipside_tls_link *link, X509 *certificate)
{
	if (!sipside_certificate_is_for_sip(certificate)) {
		note(link, "certificate is not for SIP", "");
		return X509_V_ERR_INVALID_PURPOSE;
	}
	if (SSL_is_server(link->ssl) ||
	    sipside_certificate_names(certificate, link->identity))
		return X509_V_OK;
	note(link, "certificate does not match ", link->identity);
	return X509_V_ERR_HOSTNAME_MISMATCH;
}

/* OpenSSL has an opinion on each certificate of the chain; the peer's own is
 * the last one asked about. */
int sipside_tls_on_verify(int ok, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(
		store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct sipside_tls_link *link = link_of(ssl);
	int error = X509_STORE_CTX_get_error(store);

	if (!link)
		return 0;
	if (!ok) {
		note(link, X509_verify_cert_error_string(error), "");
		return 0;
	}
	if (X509_STORE_CTX_get_error_depth(store) > 0)
		return 1;
	error = judge(link, X509_STORE_CTX_get_current_cert(store));
	X509_STORE_CTX_set_error(store, error);
	return error == X509_V_OK;
}

/* (3) The library looks at the peer, and in the end is done with it. */

/* OpenSSL's own function of a name that is replaced here. */
static void *openssl(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Replaces OpenSSL's: the SIP library is not shown what has been judged
 * already. It would use a connection for any name that it finds, by rules
 * laxer than SIP-38, and lose memory at each certificate. So a connection is
 * used for its own identity only. */
X509 *SSL_get1_peer_certificate(const SSL *ssl)
{
	void *symbol = openssl("SSL_get1_peer_certificate");
	X509 *(*function)(const SSL *);

	memcpy(&function, &symbol, sizeof function);
	return link_of(ssl) ? NULL : function(ssl);
}

static int shut_down(SSL *ssl)
{
	void *symbol = openssl("SSL_shutdown");
	int (*function)(SSL *);

	memcpy(&function, &symbol, sizeof function);
	return function(ssl);
}

/* The library gives back two references that are the connection's own, to
 * the socket's BIO and to the context; so they are made good. */
static void end(struct sipside_tls_link *link)
{
	BIO *bio = SSL_get_rbio(link->ssl);

	link->ended = true;
	if (bio)
		(void)BIO_up_ref(bio);
	(void)SSL_CTX_up_ref(SSL_get_SSL_CTX(link->ssl));
	loop_timer_set(link->tls->sweep, 0);
}

/* Replaces OpenSSL's: the SIP library ends each connection with it, and then
 * forgets to free it. Errors stay queued for the thread, where the library
 * would take them for those of the next connection that it reads from. */
int SSL_shutdown(SSL *ssl)
{
	struct sipside_tls_link *link = link_of(ssl);
	int result = shut_down(ssl);

	if (link)
		ERR_clear_error();
	if (link && !link->ended)
		end(link);
	return result;
}

/* Newer ones remember it; then what has been made good is too much. */
static void undo_end(struct sipside_tls_link *link)
{
	BIO_free(SSL_get_rbio(link->ssl));
	SSL_CTX_free(SSL_get_SSL_CTX(link->ssl));
}

/* Handshakes that we have begun are watched by their attempts. */
static bool is_silent(struct sipside_tls_link *link)
{
	BIO *bio = SSL_get_rbio(link->ssl);
	int64_t now_ms = loop_now_ms(link->tls->loop);
	uint64_t octets = 0;

	if (bio)
		octets = BIO_number_read(bio) + BIO_number_written(bio);
	if (!link->established)
		return !link->outgoing &&
		       now_ms - link->changed_ms >
			       link->tls->options.handshake_ms;
	if (octets != link->octets) {
		link->octets = octets;
		link->changed_ms = now_ms;
	}
	return now_ms - link->changed_ms > IDLE_MS;
}

void sipside_tls_sweep(void *arg)
{
	struct sipside_tls *tls = arg;
	struct sipside_tls_link *link, *next;

	for (link = tls->links; link; link = next) {
		next = link->next;
		link->freeing = link->ended;
		if (link->ended)
			SSL_free(link->ssl);
		else if (is_silent(link)) /* the library hears of it */
			(void)shutdown(SSL_get_fd(link->ssl), SHUT_RDWR);
	}
	if (tls->links)
		loop_timer_set(tls->sweep, SWEEP_MS);
}

void sipside_tls_on_free(void *ssl, void *arg, CRYPTO_EX_DATA *data, int index,
			 long argl, void *unused)
{
	struct sipside_tls_link *link = arg, **at;

	(void)ssl;
	(void)data;
	(void)index;
	(void)argl;
	(void)unused;
	if (!link)
		return;
	if (link->ended && !link->freeing)
		undo_end(link);
	for (at = &link->tls->links; *at != link; at = &(*at)->next)
		continue;
	*at = link->next;
	free(link);
}
