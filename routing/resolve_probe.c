#include "routing/resolve_probe.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct resolve_probe probes[] = {
	/* IM-3: RFC 5509; RFC 3921, 11.2 */
	{ RESOLVE_LABEL, PROTOCOL_SIP, "_im._sip.", DNS_SRV },
	{ RESOLVE_LABEL, PROTOCOL_XMPP, "_im._xmpp.", DNS_SRV },
	/* CONF-3: RFC 3263; XEP-0368 (IM-17); RFC 6120, 3.2 (IM-16) */
	{ RESOLVE_OWN, PROTOCOL_SIP, "", DNS_NAPTR },
	{ RESOLVE_OWN, PROTOCOL_SIP, "_sip._udp.", DNS_SRV },
	{ RESOLVE_OWN, PROTOCOL_SIP, "_sip._tcp.", DNS_SRV },
	{ RESOLVE_OWN, PROTOCOL_SIP, "_sips._tcp.", DNS_SRV },
	{ RESOLVE_OWN, PROTOCOL_XMPP, "_xmpps-server._tcp.", DNS_SRV },
	{ RESOLVE_OWN, PROTOCOL_XMPP, "_xmpp-server._tcp.", DNS_SRV },
	/* IM-6: RFC 3861, 4; CONF-4 adds AAAA */
	{ RESOLVE_ADDRESS, PROTOCOL_SIP, "", DNS_A },
	{ RESOLVE_ADDRESS, PROTOCOL_SIP, "", DNS_AAAA },
	{ RESOLVE_ADDRESS, PROTOCOL_XMPP, "", DNS_A },
	{ RESOLVE_ADDRESS, PROTOCOL_XMPP, "", DNS_AAAA },
};

_Static_assert(COUNT(probes) <= RESOLVE_PROBES_MAX, "room for each probe");

static size_t list_some(enum resolve_step step, enum protocol protocol,
			const struct resolve_probe **out)
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(probes); i++)
		if (probes[i].step == step && probes[i].protocol == protocol)
			out[count++] = &probes[i];
	return count;
}

size_t resolve_probe_list(const enum protocol *prefer, size_t prefer_count,
			  const struct resolve_probe *out[RESOLVE_PROBES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < prefer_count; i++)
		count += list_some(RESOLVE_LABEL, prefer[i], out + count);
	for (size_t i = 0; i < prefer_count; i++)
		count += list_some(RESOLVE_OWN, prefer[i], out + count);
	if (prefer_count)
		count += list_some(RESOLVE_ADDRESS, prefer[0], out + count);
	return count;
}
