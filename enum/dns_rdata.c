#include "enum/dns_rdata.h"

#include <string.h>

#include <arpa/inet.h>
#include <resolv.h>

/* What is left of the data of a record. */
struct reader {
	const struct dns_packet *packet;
	const unsigned char *at, *end;
};

static bool read_u16(struct reader *r, uint16_t *out)
{
	if (r->end - r->at < 2)
		return false;
	*out = (uint16_t)(r->at[0] << 8 | r->at[1]);
	r->at += 2;
	return true;
}

/* A <character-string>: any octets, NUL among them (ENUM-28). */
static bool read_string(struct reader *r, struct span *out)
{
	if (r->at == r->end || r->end - r->at - 1 < r->at[0])
		return false;
	*out = (struct span){ (const char *)r->at + 1, r->at[0] };
	r->at += 1 + out->len;
	return true;
}

/* The name that ends the data. dn_expand minds the end of the packet only. */
static bool read_last_name(struct reader *r, char name[NS_MAXDNAME])
{
	int len = dn_expand(ns_msg_base(r->packet->message),
			    ns_msg_end(r->packet->message), r->at, name,
			    NS_MAXDNAME);

	return len > 0 && len == r->end - r->at;
}

static bool read_naptr(struct reader *r, struct dns_rdata *out)
{
	struct naptr *naptr = &out->record.naptr;

	naptr->replacement = out->name;
	return read_u16(r, &naptr->order) && read_u16(r, &naptr->preference) &&
	       read_string(r, &naptr->flags) &&
	       read_string(r, &naptr->services) &&
	       read_string(r, &naptr->regexp) && read_last_name(r, out->name);
}

static bool read_srv(struct reader *r, struct dns_rdata *out)
{
	struct dns_srv *srv = &out->record.srv;

	srv->target = out->name;
	return read_u16(r, &srv->priority) && read_u16(r, &srv->weight) &&
	       read_u16(r, &srv->port) && read_last_name(r, out->name);
}

static bool read_address(struct reader *r, int family, struct dns_rdata *out)
{
	if (r->end - r->at != (family == AF_INET ? 4 : 16))
		return false;
	return inet_ntop(family, r->at, out->record.address,
			 sizeof out->record.address) != NULL;
}

bool dns_rdata_read(const struct dns_packet *packet, const ns_rr *record,
		    struct dns_rdata *rdata_out)
{
	struct reader r = { packet, ns_rr_rdata(*record),
			    ns_rr_rdata(*record) + ns_rr_rdlen(*record) };

	rdata_out->type = packet->type;
	rdata_out->record =
		(struct dns_record){ dns_packet_ttl(record), { { 0 } } };
	rdata_out->name[0] = '\0';
	switch (packet->type) {
	case DNS_NAPTR: return read_naptr(&r, rdata_out);
	case DNS_SRV: return read_srv(&r, rdata_out);
	case DNS_A: return read_address(&r, AF_INET, rdata_out);
	case DNS_AAAA: return read_address(&r, AF_INET6, rdata_out);
	}
	return false;
}

size_t dns_rdata_size(const struct dns_rdata *rdata)
{
	const struct naptr *naptr = &rdata->record.naptr;
	size_t size = strlen(rdata->name) + 1;

	if (rdata->type == DNS_NAPTR)
		size += naptr->flags.len + naptr->services.len +
			naptr->regexp.len;
	return size;
}

static const char *keep(char **pool, struct span octets)
{
	char *at = *pool;

	if (octets.len)
		memcpy(at, octets.at, octets.len);
	*pool += octets.len;
	return at;
}

static const char *keep_name(char **pool, const char *name)
{
	return keep(pool, (struct span){ name, strlen(name) + 1 });
}

void dns_rdata_keep(const struct dns_rdata *rdata, char **pool,
		    struct dns_record *record_out)
{
	struct naptr *naptr = &record_out->naptr;

	*record_out = rdata->record;
	if (rdata->type == DNS_NAPTR) {
		naptr->flags.at = keep(pool, naptr->flags);
		naptr->services.at = keep(pool, naptr->services);
		naptr->regexp.at = keep(pool, naptr->regexp);
		naptr->replacement = keep_name(pool, rdata->name);
	} else if (rdata->type == DNS_SRV) {
		record_out->srv.target = keep_name(pool, rdata->name);
	}
}
