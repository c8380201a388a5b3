#ifndef IMGW_TESTS_UNIT_PACKET_H
#define IMGW_TESTS_UNIT_PACKET_H

/** DNS packets for the tests of dns_answer: put together field by field, so
 *  that each field can also be wrong. */

#include "tests/unit/unit.h"

#include "enum/dns_answer.h"

#define NAME	    "0.1.e164.arpa"
#define QUESTION_AT 12 /* where a packet's question, and its name, begin */

#define TYPE_NS	    2
#define TYPE_CNAME  5
#define TYPE_SOA    6
#define TYPE_OPT    41
#define TYPE_RRSIG  46

#define FLAG_QR	    0x8000u
#define FLAG_TC	    0x0200u
#define FLAG_AD	    0x0020u
#define NXDOMAIN    3u

enum section { ANSWER, AUTHORITY, ADDITIONAL };

/* A packet under construction. */
struct wire {
	unsigned char at[70000];
	size_t len;
	size_t rdlength_at;
};

static inline void put8(struct wire *w, unsigned value)
{
	w->at[w->len++] = (unsigned char)value;
}

static inline void put16(struct wire *w, unsigned value)
{
	put8(w, value >> 8);
	put8(w, value & 0xff);
}

static inline void put32(struct wire *w, uint32_t value)
{
	put16(w, value >> 16);
	put16(w, value & 0xffff);
}

static inline void put_octets(struct wire *w, const char *octets, size_t len)
{
	memcpy(w->at + w->len, octets, len);
	w->len += len;
}

static inline void put_string(struct wire *w, const char *octets, size_t len)
{
	put8(w, (unsigned)len);
	put_octets(w, octets, len);
}

/* "" is the root; no compression */
static inline void put_name(struct wire *w, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, ".");

		put_string(w, name, len);
		name += len + (name[len] == '.');
	}
	put8(w, 0);
}

static inline void set16(struct wire *w, size_t at, unsigned value)
{
	w->at[at] = (unsigned char)(value >> 8);
	w->at[at + 1] = (unsigned char)(value & 0xff);
}

static inline void begin_packet(struct wire *w, unsigned flags,
				const char *name, unsigned type)
{
	w->len = 0;
	put16(w, 0x1234);
	put16(w, FLAG_QR | flags);
	put16(w, 1);
	for (int i = 0; i < 3; i++)
		put16(w, 0);
	put_name(w, name);
	put16(w, type);
	put16(w, 1);
}

/* The header of a record behind its owner's name. */
static inline void begin_data(struct wire *w, enum section section,
			      unsigned type, uint32_t ttl_s)
{
	size_t count_at = 6 + 2 * (size_t)section;

	set16(w, count_at, (w->at[count_at] * 256u) + w->at[count_at + 1] + 1);
	put16(w, type);
	put16(w, 1);
	put32(w, ttl_s);
	w->rdlength_at = w->len;
	put16(w, 0);
}

static inline void end_data(struct wire *w)
{
	set16(w, w->rdlength_at, (unsigned)(w->len - w->rdlength_at - 2));
}

static inline void put_a(struct wire *w, const char *owner, uint32_t ttl_s,
			 unsigned last_octet)
{
	put_name(w, owner);
	begin_data(w, ANSWER, DNS_A, ttl_s);
	put32(w, 0xc0000200u + last_octet); /* 192.0.2.x */
	end_data(w);
}

static inline void put_alias(struct wire *w, const char *owner, uint32_t ttl_s,
			     const char *target)
{
	put_name(w, owner);
	begin_data(w, ANSWER, TYPE_CNAME, ttl_s);
	put_name(w, target);
	end_data(w);
}

static inline void put_naptr(struct wire *w, const char *owner, uint32_t ttl_s,
			     unsigned order, const char *regexp,
			     size_t regexp_len, const char *replacement)
{
	put_name(w, owner);
	begin_data(w, ANSWER, DNS_NAPTR, ttl_s);
	put16(w, order);
	put16(w, 7);
	put_string(w, "u", 1);
	put_string(w, "E2U+im", 6);
	put_string(w, regexp, regexp_len);
	put_name(w, replacement);
	end_data(w);
}

static inline void put_soa(struct wire *w, uint32_t ttl_s, uint32_t minimum_s)
{
	put_name(w, "e164.arpa");
	begin_data(w, AUTHORITY, TYPE_SOA, ttl_s);
	put_name(w, "ns.example");
	put_name(w, "root.example");
	for (uint32_t i = 0; i < 4; i++)
		put32(w, 100000 + i);
	put32(w, minimum_s);
	end_data(w);
}

static inline void put_ns(struct wire *w)
{
	put_name(w, "e164.arpa");
	begin_data(w, AUTHORITY, TYPE_NS, 3600);
	put_name(w, "ns.example");
	end_data(w);
}

/* An exact copy on the heap, so that the sanitizer sees a step too far. */
static inline struct dns_answer *parse_len(const struct wire *w, size_t len,
					   const char *name, enum dns_type type,
					   bool trust_ad)
{
	unsigned char *exact = malloc(len ? len : 1);
	struct dns_answer *answer;
	enum enum_status status;

	assert_non_null(exact);
	memcpy(exact, w->at, len);
	status = dns_answer_parse(exact, len, name, type, trust_ad, &answer);
	memset(exact, 0xee, len); /* the answer must not borrow from it */
	free(exact);
	assert_int_equal(status, ENUM_OK);
	assert_int_equal(answer->type, type);
	return answer;
}

static inline struct dns_answer *parse(const struct wire *w, enum dns_type type)
{
	return parse_len(w, w->len, NAME, type, true);
}

static inline void expect_status(const struct wire *w, enum dns_type type,
				 enum dns_status expected)
{
	struct dns_answer *answer = parse(w, type);

	assert_string_equal(dns_status_text(answer->status),
			    dns_status_text(expected));
	if (expected != DNS_OK)
		assert_int_equal(answer->count, 0);
	dns_answer_drop(&answer);
}

static inline void expect_addresses(const struct wire *w, size_t count,
				    const char *first)
{
	struct dns_answer *answer = parse(w, DNS_A);

	assert_int_equal(answer->status, DNS_OK);
	assert_int_equal(answer->count, count);
	assert_string_equal(answer->records[0].address, first);
	dns_answer_drop(&answer);
}

#endif
