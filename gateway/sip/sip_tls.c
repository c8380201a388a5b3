#include "gateway/sip/sip_tls.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "gateway/log.h"
#include "gateway/sip/sip_tls_link.h"

/** SEC-8, RFC 9325, 4.2: for TLS 1.2, with a fresh key for each connection
 *  and authenticated encryption. Those of TLS 1.3 are all so. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

static void on_new_context(void *context, void *unused, CRYPTO_EX_DATA *data,
			   int index, long argl, void *arg)
{
	struct sipside_tls *tls = arg;

	(void)unused;
	(void)data;
	(void)index;
	(void)argl;
	if (tls->catching)
		tls->caught = context;
}

static bool tell_openssl(struct sipside_tls *tls)
{
	tls->context_index = CRYPTO_get_ex_new_index(
		CRYPTO_EX_INDEX_SSL_CTX, 0, tls, on_new_context, NULL, NULL);
	tls->link_index = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, tls,
						  sipside_tls_on_new, NULL,
						  sipside_tls_on_free);
	return tls->context_index >= 0 && tls->link_index >= 0;
}

enum gateway_status
sipside_tls_create(struct loop *loop, const struct sipside_tls_options *options,
		   struct sipside_tls **tls_out)
{
	struct sipside_tls *tls = calloc(1, sizeof *tls);

	*tls_out = NULL;
	if (!tls)
		return GATEWAY_NO_MEMORY;
	tls->loop = loop;
	tls->options = *options;
	tls->context_index = tls->link_index = -1;
	if (loop_timer_create(loop, sipside_tls_sweep, tls, &tls->sweep) !=
		    ENUM_OK ||
	    !tell_openssl(tls)) {
		sipside_tls_destroy(&tls);
		return GATEWAY_NO_MEMORY;
	}
	*tls_out = tls;
	return GATEWAY_OK;
}

void sipside_tls_catch(struct sipside_tls *tls)
{
	tls->caught = NULL;
	tls->catching = true;
}

/* Instead of a question at the terminal. */
static int no_passphrase(char *buffer, int size, int for_writing, void *arg)
{
	(void)buffer;
	(void)size;
	(void)for_writing;
	(void)arg;
	return -1;
}

/* @return whether all of it could be read */
static bool load_own(SSL_CTX *context, const struct sipside_tls_options *o)
{
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	return SSL_CTX_use_certificate_chain_file(context, o->cert_file) == 1 &&
	       SSL_CTX_use_PrivateKey_file(context, o->key_file,
					   SSL_FILETYPE_PEM) == 1 &&
	       SSL_CTX_check_private_key(context) == 1;
}

/* In place of what the library has put there. */
static bool load_authorities(SSL_CTX *context, const char *file)
{
	X509_STORE *store = X509_STORE_new();

	if (!store)
		return false;
	SSL_CTX_set_cert_store(context, store); /* owns it now */
	if (!file)
		return X509_STORE_set_default_paths(store) == 1;
	SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(file));
	return X509_STORE_load_file(store, file) == 1;
}

/* SIP certificates are the same in both directions, so their purposes are
 * judged by sip_certificate.c. */
static bool believe(SSL_CTX *context, const struct sipside_tls_options *o)
{
	if (!o->verify) {
		SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
		return true;
	}
	SSL_CTX_set_verify(context,
			   SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			   sipside_tls_on_verify);
	return SSL_CTX_set_purpose(context, X509_PURPOSE_ANY) == 1 &&
	       load_authorities(context, o->ca_file);
}

/* SEC-8. Who wants to resume a session brings its ticket: none are kept. */
static bool harden(SSL_CTX *context)
{
	(void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION |
					     SSL_OP_NO_COMPRESSION |
					     SSL_OP_CIPHER_SERVER_PREFERENCE);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(context, CIPHERS) == 1;
}

static const char *set_up(struct sipside_tls *tls, SSL_CTX *context)
{
	if (!harden(context))
		return "TLS 1.2 and its ciphers";
	if (!load_own(context, &tls->options))
		return "sip.tls.cert_file and key_file";
	if (!believe(context, &tls->options))
		return "sip.tls.ca_file";
	(void)SSL_CTX_set_app_data(context, tls);
	SSL_CTX_set_info_callback(context, sipside_tls_on_info);
	return NULL;
}

enum gateway_status sipside_tls_settle(struct sipside_tls *tls)
{
	const char *fault, *error;

	tls->catching = false;
	ERR_clear_error();
	fault = tls->caught ? set_up(tls, tls->caught) : "the SIP library";
	if (!fault)
		return GATEWAY_OK;
	error = ERR_reason_error_string(ERR_peek_error());
	log_event(LOG_LEVEL_ERROR, "tls-failed", FIELD_TEXT("part", fault),
		  FIELD_TEXT("error", error ? error : "not as expected"));
	ERR_clear_error();
	return GATEWAY_BAD_CONFIG;
}

void sipside_tls_aim(struct sipside_tls *tls, const struct hop *hop)
{
	if (tls)
		tls->aim = hop;
}

static bool leads_to(const struct sipside_tls_link *link, const struct hop *hop)
{
	return link->outgoing && link->port == hop->port &&
	       strcmp(link->address, hop->address) == 0 &&
	       strcmp(link->identity, hop->identity) == 0;
}

bool sipside_tls_fault(const struct sipside_tls *tls, const struct hop *hop,
		       struct text *why)
{
	const struct sipside_tls_link *link = tls ? tls->links : NULL;

	while (link && !leads_to(link, hop))
		link = link->next;
	if (!link || !link->why[0])
		return false;
	text_addf(why, "TLS handshake failed: %s", link->why);
	return true;
}

size_t sipside_tls_count(const struct sipside_tls *tls)
{
	size_t count = 0;

	for (const struct sipside_tls_link *link = tls->links; link;
	     link = link->next)
		count++;
	return count;
}

void sipside_tls_destroy(struct sipside_tls **tls)
{
	struct sipside_tls *t = *tls;

	if (!t)
		return;
	if (t->links)
		sipside_tls_sweep(t);
	(void)CRYPTO_free_ex_index(CRYPTO_EX_INDEX_SSL, t->link_index);
	(void)CRYPTO_free_ex_index(CRYPTO_EX_INDEX_SSL_CTX, t->context_index);
	loop_timer_destroy(&t->sweep);
	free(t);
	*tls = NULL;
}
