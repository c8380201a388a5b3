#ifndef IMGW_GATEWAY_SIP_TLS_LINK_H
#define IMGW_GATEWAY_SIP_TLS_LINK_H

/** What sip_tls.c and sip_tls_link.c share: the connections of a side. */

#include <openssl/ssl.h>

#include "gateway/outcome.h"
#include "gateway/sip/sip_tls.h"

/** One connection, from SSL_new to SSL_free. */
struct sipside_tls_link {
	struct sipside_tls_link *next;
	struct sipside_tls *tls;
	SSL *ssl;
	bool outgoing;
	bool established;	      /* the handshake is done */
	bool ended;		      /* the library has dropped it */
	bool freeing;		      /* and we free it */
	char identity[DNS_NAME_SIZE]; /* what an outgoing one is good for */
	char address[DNS_ADDRESS_SIZE];
	uint16_t port;
	uint64_t octets; /* both ways, and when they last became more */
	int64_t changed_ms;
	char why[OUTCOME_REASON_SIZE]; /* it failed; or "" */
};

struct sipside_tls {
	struct loop *loop;
	struct sipside_tls_options options;
	bool catching;
	SSL_CTX *caught;
	int context_index, link_index;	/* of OpenSSL's ex_data; -1: none */
	const struct hop *aim;		/* or NULL */
	struct sipside_tls_link *links; /* the newest first */
	struct loop_timer *sweep;
};

/** The context's callbacks: each handshake's steps and alerts, and each
 *  certificate of a chain. */
void sipside_tls_on_info(const SSL *ssl, int where, int ret);
int sipside_tls_on_verify(int ok, X509_STORE_CTX *store);

/** OpenSSL makes or frees a connection, perhaps one of ours. */
void sipside_tls_on_new(void *ssl, void *unused, CRYPTO_EX_DATA *data,
			int index, long argl, void *tls);
void sipside_tls_on_free(void *ssl, void *link, CRYPTO_EX_DATA *data, int index,
			 long argl, void *tls);

/** Free what has ended, and end what has been silent for too long. */
void sipside_tls_sweep(void *tls);

#endif
