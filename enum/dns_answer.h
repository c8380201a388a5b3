#ifndef IMGW_ENUM_DNS_ANSWER_H
#define IMGW_ENUM_DNS_ANSWER_H

/** One answer to one DNS question, classified, as a counted value. The wire
 *  is walked here and nowhere else; a lying packet yields DNS_BAD_ANSWER. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/naptr.h"
#include "enum/status.h"

/** A domain name in text, terminator included, no dot at the end. */
#define DNS_NAME_SIZE 256

/** An IPv4 or IPv6 address in text, terminator included. */
#define DNS_ADDRESS_SIZE 46

/** At most this many records of one answer are kept. */
#define DNS_RECORDS_MAX 512

/** At most this many CNAMEs in a row (ENUM-37). */
#define DNS_CNAME_MAX 8

enum dns_type {
	DNS_A = 1,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_NAPTR = 35
};

/** What an answer says (ENUM-38). The first three are answers of the name's
 *  owner; the rest mean "cannot tell". */
enum dns_status {
	DNS_OK,         /* at least one record of the type */
	DNS_NXDOMAIN,   /* the name does not exist */
	DNS_NODATA,     /* it does, without such a record */
	DNS_SERVFAIL,   /* also REFUSED, NOTIMP: see rcode */
	DNS_TIMEOUT,    /* no server answered */
	DNS_BAD_ANSWER, /* malformed, CNAME loop, wrong question, a referral,
			 * a chain without its end */
	DNS_OVERLOAD,   /* too many questions in flight */
	DNS_STATUS_COUNT
};

/** RFC 2782. */
struct dns_srv {
	uint16_t priority, weight, port;
	const char *target; /* no dot at the end; "" is the target "." */
};

struct dns_record {
	uint32_t ttl_s;
	union {
		struct naptr naptr;
		struct dns_srv srv;
		char address[DNS_ADDRESS_SIZE]; /* DNS_A, DNS_AAAA */
	};
};

/** Read-only once made; everything it points to lives as long as it. Names
 *  are as in a zone file: an odd octet of a label (a dot, a NUL, a blank) is
 *  escaped with a backslash, so that no two names look alike; such a name may
 *  be longer than DNS_NAME_SIZE and is none to ask for. */
struct dns_answer {
	enum dns_status status;
	enum dns_type type;
	int rcode;       /* of the packet; -1 when there was none */
	bool secure;     /* AD, from a resolver that may be believed */
	uint32_t ttl_s;  /* smallest of chain and records, or the negative TTL
			  * of RFC 2308; 0: not to be used again */
	size_t count;
	struct dns_record *records; /* in the sequence of the wire */
	unsigned references;        /* of dns_answer_keep */
};

/** Make an answer from a packet. Records count only if they belong to the
 *  name asked for or to the end of its CNAME chain (ENUM-37); unknown types
 *  and RRSIGs are passed over (ENUM-35), and so are records whose data is
 *  broken, as long as one is good (ENUM-16).
 *  @param trust_ad  whether the AD bit of this server may be believed
 *  @param answer_out  one reference, the caller's: dns_answer_drop. A packet
 *                     that cannot be read gives status DNS_BAD_ANSWER
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status dns_answer_parse(const unsigned char *packet,
					   size_t len, const char *name,
					   enum dns_type type, bool trust_ad,
					   struct dns_answer **answer_out);

/** An answer without a packet: DNS_TIMEOUT and the like, TTL 0.
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status dns_answer_make(enum dns_type type,
					  enum dns_status status,
					  struct dns_answer **answer_out);

/** One more reference. @return its argument */
struct dns_answer *dns_answer_keep(struct dns_answer *answer);

/** One reference less, the last one frees; clears the pointer; takes NULL. */
void dns_answer_drop(struct dns_answer **answer);

/** Is it an answer of the owner (and not "cannot tell")? */
bool dns_status_is_definite(enum dns_status status);

/** For people, for example "no such name". Never NULL, never empty. */
const char *dns_status_text(enum dns_status status);

/** For scripts, as DNS has it: "NOERROR", "NXDOMAIN", "SERVFAIL", "TIMEOUT",
 *  ... (NODATA is NOERROR). Never NULL, never empty. */
const char *dns_status_word(enum dns_status status);

/** "A", "AAAA", "SRV", "NAPTR". */
const char *dns_type_word(enum dns_type type);

#endif
