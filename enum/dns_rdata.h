#ifndef IMGW_ENUM_DNS_RDATA_H
#define IMGW_ENUM_DNS_RDATA_H

/** The data of one record (RFC 1035, 2782, 3403, 3596). Private to
 *  dns_answer.c. */

#include <stdbool.h>
#include <stddef.h>

#include <arpa/nameser.h>

#include "enum/dns_answer.h"
#include "enum/dns_packet.h"

/** A record whose spans borrow from the packet and whose names point at
 *  `name`, so that it must not be copied as it stands. */
struct dns_rdata {
	enum dns_type type;
	struct dns_record record;
	char name[NS_MAXDNAME];
};

/** Read a record of the packet's type.
 *  @return false when its length is not that of its contents */
bool dns_rdata_read(const struct dns_packet *packet, const ns_rr *record,
		    struct dns_rdata *rdata_out);

/** Octets that dns_rdata_keep takes from the pool. */
size_t dns_rdata_size(const struct dns_rdata *rdata);

/** Copy a record with what it points at.
 *  @param pool  where the octets go; moved behind them */
void dns_rdata_keep(const struct dns_rdata *rdata, char **pool,
		    struct dns_record *record_out);

#endif
