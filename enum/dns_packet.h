#ifndef IMGW_ENUM_DNS_PACKET_H
#define IMGW_ENUM_DNS_PACKET_H

/** A DNS packet as the answer to one question (RFC 1035, 2308). The walk is
 *  that of <arpa/nameser.h>, which knows the bounds of the packet. Private to
 *  dns_answer.c and dns_rdata.c. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/nameser.h>

#include "enum/dns_answer.h"

struct dns_packet {
	ns_msg message;
	enum dns_type type;
	int rcode;	/* -1 until the packet could be read */
	bool authentic; /* the AD bit */
	/* The name asked for, then the end of its CNAME chain, as in a zone
	 * file: odd octets escaped, so that no two names look alike. */
	char name[NS_MAXDNAME];
	int alias_count;
	uint32_t ttl_s; /* smallest of the chain */
};

/** Read a packet and follow its CNAME chain.
 *  @return DNS_OK when records of the type stand at the end of the chain,
 *          DNS_NXDOMAIN, DNS_NODATA, DNS_SERVFAIL, DNS_BAD_ANSWER */
enum dns_status dns_packet_read(struct dns_packet *packet,
				const unsigned char *octets, size_t len,
				const char *name, enum dns_type type);

/** The next record of the type at the end of the chain.
 *  @param at  where to go on; 0 at first
 *  @return false when there are no more */
bool dns_packet_next(struct dns_packet *packet, int *at, ns_rr *record_out);

/** How long NXDOMAIN and NODATA may be believed, in seconds (RFC 2308, 5);
 *  0 when the packet has no SOA. */
uint32_t dns_packet_negative_ttl(struct dns_packet *packet);

/** TTL of a record; one with the highest bit set is 0 (RFC 2181, 8). */
uint32_t dns_packet_ttl(const ns_rr *record);

#endif
