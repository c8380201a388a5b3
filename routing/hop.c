#include "routing/hop.h"

#include <assert.h>

static const char *const protocols[] = {
	[PROTOCOL_SIP] = "sip",
	[PROTOCOL_XMPP] = "xmpp",
};

static const char *const transports[] = {
	[TRANSPORT_UDP] = "udp",
	[TRANSPORT_TCP] = "tcp",
	[TRANSPORT_TLS] = "tls",
};

static_assert(sizeof protocols / sizeof protocols[0] == PROTOCOL_COUNT,
	      "a word for each protocol");
static_assert(sizeof transports / sizeof transports[0] == TRANSPORT_COUNT,
	      "a word for each transport");

const char *protocol_word(enum protocol protocol)
{
	return protocol < PROTOCOL_COUNT ? protocols[protocol] : "unknown";
}

const char *transport_word(enum transport transport)
{
	return transport < TRANSPORT_COUNT ? transports[transport] : "unknown";
}
