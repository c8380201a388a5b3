#include "enum/dns_packet.h"

#include <resolv.h>

/* What the upper bits of an OPT record's TTL add to the rcode (RFC 6891). */
#define OPT_RCODE_SHIFT	  24
#define HEADER_RCODE_BITS 4

/* An SOA record: two names of an octet or more, five numbers. */
#define SOA_SIZE_MIN (2 + 5 * 4)

static bool same_name(const char *a, const char *b)
{
	return span_is_nocase(span_of(a), b);
}

/* Can every record of the section be read? Afterwards none of them fails. */
static bool section_is_sound(struct dns_packet *p, ns_sect section)
{
	ns_rr record;

	for (int i = 0; i < ns_msg_count(p->message, section); i++)
		if (ns_parserr(&p->message, section, i, &record) != 0)
			return false;
	return true;
}

/* Rcodes above 15 are told by the OPT record. */
static int full_rcode(struct dns_packet *p)
{
	int rcode = ns_msg_getflag(p->message, ns_f_rcode);
	ns_rr record;

	for (int i = 0; i < ns_msg_count(p->message, ns_s_ar); i++)
		if (ns_parserr(&p->message, ns_s_ar, i, &record) == 0 &&
		    ns_rr_type(record) == ns_t_opt)
			rcode |= (int)(ns_rr_ttl(record) >> OPT_RCODE_SHIFT)
				 << HEADER_RCODE_BITS;
	return rcode;
}

/* SEC-10: it must be the question that was asked. */
static bool echoes_question(struct dns_packet *p, const char *name)
{
	unsigned char wire[NS_MAXCDNAME];
	ns_rr question;

	if (ns_name_pton(name, wire, sizeof wire) < 0 ||
	    ns_name_ntop(wire, p->name, sizeof p->name) < 0)
		return false;
	return ns_msg_count(p->message, ns_s_qd) == 1 &&
	       ns_parserr(&p->message, ns_s_qd, 0, &question) == 0 &&
	       ns_rr_class(question) == ns_c_in &&
	       (int)ns_rr_type(question) == (int)p->type &&
	       same_name(ns_rr_name(question), p->name);
}

static bool open_packet(struct dns_packet *p, const unsigned char *octets,
			size_t len)
{
	if (len > NS_MAXMSG ||
	    ns_initparse(octets, (int)len, &p->message) != 0 ||
	    !ns_msg_getflag(p->message, ns_f_qr) ||
	    ns_msg_getflag(p->message, ns_f_opcode) != ns_o_query)
		return false;
	p->rcode = full_rcode(p);
	p->authentic = ns_msg_getflag(p->message, ns_f_ad) != 0;
	return section_is_sound(p, ns_s_an) && section_is_sound(p, ns_s_ns);
}

/* The next answer record of this type that p->name owns. */
static bool next_owned(struct dns_packet *p, int type, int *at, ns_rr *record)
{
	while (*at < ns_msg_count(p->message, ns_s_an)) {
		if (ns_parserr(&p->message, ns_s_an, (*at)++, record) == 0 &&
		    (int)ns_rr_type(*record) == type &&
		    ns_rr_class(*record) == ns_c_in &&
		    same_name(ns_rr_name(*record), p->name))
			return true;
	}
	return false;
}

bool dns_packet_next(struct dns_packet *packet, int *at, ns_rr *record_out)
{
	return next_owned(packet, (int)packet->type, at, record_out);
}

static bool has_records(struct dns_packet *p)
{
	ns_rr record;
	int at = 0;

	return dns_packet_next(p, &at, &record);
}

/* ENUM-37: in whatever sequence the records stand. A loop is a chain that is
 * too long. */
static bool follow_aliases(struct dns_packet *p)
{
	ns_rr alias;
	int at = 0;

	while (next_owned(p, ns_t_cname, &at, &alias)) {
		int len = dn_expand(ns_msg_base(p->message),
				    ns_msg_end(p->message), ns_rr_rdata(alias),
				    p->name, sizeof p->name);

		if (len != ns_rr_rdlen(alias) ||
		    ++p->alias_count > DNS_CNAME_MAX)
			return false;
		if (dns_packet_ttl(&alias) < p->ttl_s)
			p->ttl_s = dns_packet_ttl(&alias);
		at = 0;
	}
	return true;
}

static bool find_authority(struct dns_packet *p, int type, ns_rr *record)
{
	for (int i = 0; i < ns_msg_count(p->message, ns_s_ns); i++)
		if (ns_parserr(&p->message, ns_s_ns, i, record) == 0 &&
		    (int)ns_rr_type(*record) == type &&
		    ns_rr_class(*record) == ns_c_in)
			return true;
	return false;
}

/* Nothing was found, and the server does not say that nothing is there: it
 * refers to others (RFC 2308, 2.2), or leaves the end of a chain to us. */
static bool is_unfinished(struct dns_packet *p)
{
	ns_rr record;

	return !find_authority(p, ns_t_soa, &record) &&
	       (p->alias_count > 0 || find_authority(p, ns_t_ns, &record));
}

enum dns_status dns_packet_read(struct dns_packet *packet,
				const unsigned char *octets, size_t len,
				const char *name, enum dns_type type)
{
	*packet = (struct dns_packet){ .type = type,
				       .rcode = -1,
				       .ttl_s = UINT32_MAX };
	if (!open_packet(packet, octets, len))
		return DNS_BAD_ANSWER;
	/* A server in trouble need not repeat the question. */
	if (packet->rcode != ns_r_noerror && packet->rcode != ns_r_nxdomain)
		return DNS_SERVFAIL;
	if (!echoes_question(packet, name) ||
	    ns_msg_getflag(packet->message, ns_f_tc) || !follow_aliases(packet))
		return DNS_BAD_ANSWER;
	if (packet->rcode == ns_r_nxdomain)
		return DNS_NXDOMAIN;
	if (has_records(packet))
		return DNS_OK;
	return is_unfinished(packet) ? DNS_BAD_ANSWER : DNS_NODATA;
}

uint32_t dns_packet_ttl(const ns_rr *record)
{
	return ns_rr_ttl(*record) > INT32_MAX ? 0 : ns_rr_ttl(*record);
}

uint32_t dns_packet_negative_ttl(struct dns_packet *packet)
{
	uint32_t ttl_s, minimum_s;
	ns_rr soa;

	if (!find_authority(packet, ns_t_soa, &soa) ||
	    ns_rr_rdlen(soa) < SOA_SIZE_MIN)
		return 0;
	ttl_s = dns_packet_ttl(&soa);
	if (packet->ttl_s < ttl_s)
		ttl_s = packet->ttl_s;
	minimum_s = (uint32_t)ns_get32(ns_rr_rdata(soa) + ns_rr_rdlen(soa) - 4);
	return minimum_s < ttl_s ? minimum_s : ttl_s;
}
