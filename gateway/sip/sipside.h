#ifndef IMGW_GATEWAY_SIP_SIPSIDE_H
#define IMGW_GATEWAY_SIP_SIPSIDE_H

/** The SIP side: sofia-sip at NTA level. Takes MESSAGE requests in (sip_in.c),
 *  forwards them as transaction-stateful proxy or sends our own as UAC
 *  (sip_out.c), answers (sip_answer.c), and sends 100 at 3.5 s (SIP-19). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/admission.h"
#include "gateway/listen.h"
#include "gateway/relay.h"
#include "gateway/reports.h"
#include "gateway/reports_saved.h"
#include "gateway/side.h"
#include "gateway/status.h"

/** Who must authenticate himself by digest (SIP-35). */
struct sipside_auth {
	const struct admission_range *require; /* peers that must */
	size_t require_count;		       /* 0: nobody */
	const char *realm;		       /* NULL only when nobody must */
	const char *users;		       /* text of gateway/users.h */
	int64_t nonce_life_ms;
};

/** Who we say we are when a next hop asks (SIP-34). */
struct sipside_credentials {
	const char *user; /* NULL: nobody */
	const char *password;
	const char *realm; /* the only one that is answered; NULL: any */
};

/** SIP over TLS; used by tls: listeners and what is sent from them. */
struct sipside_tls_files {
	const char *cert_file, *key_file;
	const char *ca_file; /* NULL: the system's authorities */
	bool verify;	     /* peers in both directions */
};

/** TCP and TLS connections that others make (SEC-17); 0: no limit. */
struct sipside_connection_limits {
	size_t total, per_peer;
	int64_t idle_ms;    /* without an octet in either direction */
	int64_t message_ms; /* for one message, from its first octet on */
};

/** Borrowed strings; must outlive the side. */
struct sipside_options {
	const struct listen_address *listen;
	size_t listen_count;
	const char *const *domains;  /* hosts in Request-URI or Route that mean
				      * us, besides our addresses */
	size_t domain_count;
	const char *xmpp_domain;     /* of our own addresses, or NULL */
	int64_t attempt_timeout_ms;  /* one UDP target without any answer */
	int64_t connect_timeout_ms;  /* a TCP target that does not connect */
	size_t transactions_max;     /* above: 503 with Retry-After */
	struct sipside_connection_limits connections;
	const struct admission *admission;
	struct outcome_profile profile;
	struct sipside_tls_files tls;
	struct sipside_auth auth;
	struct sipside_credentials credentials;
	struct reports *reports;     /* NULL: none are asked for */
	struct reports_saved *saved; /* NULL: they end with the process */
};

struct sipside;

/** Open all listeners. What cannot be opened is logged by name.
 *  @param loop  must be the program's own (gateway/loop.c)
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_CANNOT_BIND */
MUST_USE enum gateway_status
sipside_create(struct loop *loop, const struct sipside_options *options,
	       struct sipside **sipside_out);

/** Where messages go; must be set before the loop runs. */
void sipside_connect(struct sipside *sipside, struct relay_table *relays);

/** The face that the middle sees; lives as long as the side. */
struct side *sipside_side(struct sipside *sipside);

/** Answer 503 with Retry-After to new requests from now on. */
void sipside_drain(struct sipside *sipside);

/** Close and free; clears; takes NULL. No relay may be in flight. */
void sipside_destroy(struct sipside **sipside);

#endif
