#ifndef IMGW_ROUTING_HOP_H
#define IMGW_ROUTING_HOP_H

/** A hop: one place where a message may be delivered to. A plain value; the
 *  sides obey it and decide nothing themselves. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/dns_answer.h"

enum protocol { PROTOCOL_SIP, PROTOCOL_XMPP, PROTOCOL_COUNT };
enum transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS,
		 TRANSPORT_COUNT };

/** A Request-URI or a bare JID, with terminator. */
#define HOP_RECIPIENT_SIZE 3400

struct hop {
	enum protocol protocol;
	/** SIP: the Request-URI. XMPP: the bare JID, prepared. */
	char recipient[HOP_RECIPIENT_SIZE];
	/** SIP only from here on. */
	char host[DNS_NAME_SIZE];        /* target name, for people and logs */
	char identity[DNS_NAME_SIZE];    /* TLS reference identity: the domain
					  * before SRV (SIP-38, CONF-5) */
	char address[DNS_ADDRESS_SIZE];  /* numeric */
	uint16_t port;
	enum transport transport;
	bool transport_advertised; /* by URI, NAPTR or SRV; false: the default
				    * UDP, and size may ask for TCP (SIP-7) */
	bool secure;                     /* DNS said so with AD throughout */
};

/** "sip", "xmpp". */
const char *protocol_word(enum protocol protocol);

/** "udp", "tcp", "tls". */
const char *transport_word(enum transport transport);

#endif
