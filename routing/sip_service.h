#ifndef IMGW_ROUTING_SIP_SERVICE_H
#define IMGW_ROUTING_SIP_SERVICE_H

/** Where SIP asks for SRV records: the owner names of RFC 3263, 4.1 and 4.2,
 *  with the transport that each stands for (IM-13, IM-14). Pure. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/dns_answer.h"
#include "routing/hop.h"

/** More rules than this of one domain are left out. */
#define SIP_SERVICES_MAX 8

struct sip_service {
	enum transport transport;
	char name[DNS_NAME_SIZE];
};

/** Does a NAPTR answer speak of SIP at all (flag "s", SIP+... or SIPS+...),
 *  of transports that nobody supports too? Then it decides alone. */
bool sip_service_is_named(const struct dns_answer *naptr);

/** The services that NAPTR names, by order and preference (RFC 3263, 4.1).
 *  @param usable  transports that count: only TLS for a sips: URI (IM-14)
 *  @return how many were written */
size_t sip_service_by_naptr(const struct dns_answer *naptr,
			    const bool usable[TRANSPORT_COUNT],
			    struct sip_service out[SIP_SERVICES_MAX]);

/** The well-known names: _sip._udp, _sip._tcp, _sips._tcp below the domain,
 *  of the usable transports, in this order (RFC 3263, 4.2).
 *  @return how many were written; a name that would be too long is left out */
size_t sip_service_by_default(const char *domain,
			      const bool usable[TRANSPORT_COUNT],
			      struct sip_service out[SIP_SERVICES_MAX]);

#endif
