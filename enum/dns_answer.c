#include "enum/dns_answer.h"

#include <assert.h>
#include <stdlib.h>

#include "enum/dns_packet.h"
#include "enum/dns_rdata.h"

static const struct {
	const char *word, *text;
} table[] = {
	[DNS_OK] = { "NOERROR", "found" },
	[DNS_NXDOMAIN] = { "NXDOMAIN", "no such name" },
	[DNS_NODATA] = { "NOERROR", "no such record" },
	[DNS_SERVFAIL] = { "SERVFAIL", "the server cannot answer" },
	[DNS_TIMEOUT] = { "TIMEOUT", "no answer in time" },
	[DNS_BAD_ANSWER] = { "BADANSWER", "an answer that makes no sense" },
	[DNS_OVERLOAD] = { "OVERLOAD", "too many questions at once" },
};

static_assert(sizeof table / sizeof table[0] == DNS_STATUS_COUNT,
	      "a text for each status");

/* One block: the answer, its records, the octets they point at. */
static struct dns_answer *allocate(enum dns_type type, enum dns_status status,
				   size_t count, size_t octets)
{
	struct dns_answer *answer;

	answer = calloc(1, sizeof *answer + count * sizeof *answer->records +
				   octets);
	if (!answer)
		return NULL;
	answer->type = type;
	answer->status = status;
	answer->rcode = -1;
	answer->records = (struct dns_record *)(answer + 1);
	answer->references = 1;
	return answer;
}

/* The next record that can be read; one that cannot is passed over, as its
 * neighbours may be good (ENUM-16). */
static bool next_rdata(struct dns_packet *packet, int *at,
		       struct dns_rdata *rdata)
{
	ns_rr record;

	while (dns_packet_next(packet, at, &record))
		if (dns_rdata_read(packet, &record, rdata))
			return true;
	return false;
}

/* How many records will be kept, and the octets they take. */
static size_t measure(struct dns_packet *packet, size_t *octets)
{
	struct dns_rdata rdata;
	size_t count = 0;
	int at = 0;

	*octets = 0;
	while (count < DNS_RECORDS_MAX && next_rdata(packet, &at, &rdata)) {
		*octets += dns_rdata_size(&rdata);
		count++;
	}
	return count;
}

static void fill(struct dns_answer *answer, struct dns_packet *packet,
		 size_t count)
{
	char *pool = (char *)(answer->records + count);
	struct dns_rdata rdata;
	int at = 0;

	answer->ttl_s = packet->ttl_s;
	while (answer->count < count && next_rdata(packet, &at, &rdata)) {
		dns_rdata_keep(&rdata, &pool, &answer->records[answer->count]);
		if (rdata.record.ttl_s < answer->ttl_s)
			answer->ttl_s = rdata.record.ttl_s;
		answer->count++;
	}
}

enum enum_status dns_answer_parse(const unsigned char *packet, size_t len,
				  const char *name, enum dns_type type,
				  bool trust_ad, struct dns_answer **answer_out)
{
	struct dns_packet p;
	enum dns_status status = dns_packet_read(&p, packet, len, name, type);
	size_t count = 0, octets = 0;
	struct dns_answer *answer;

	if (status == DNS_OK) {
		count = measure(&p, &octets);
		if (count == 0)
			status = DNS_BAD_ANSWER;
	}
	answer = allocate(type, status, count, octets);
	*answer_out = answer;
	if (!answer)
		return ENUM_NO_MEMORY;
	answer->rcode = p.rcode;
	if (status == DNS_OK)
		fill(answer, &p, count);
	else if (dns_status_is_definite(status))
		answer->ttl_s = dns_packet_negative_ttl(&p);
	answer->secure =
		trust_ad && p.authentic && dns_status_is_definite(status);
	return ENUM_OK;
}

enum enum_status dns_answer_make(enum dns_type type, enum dns_status status,
				 struct dns_answer **answer_out)
{
	*answer_out = allocate(type, status, 0, 0);
	return *answer_out ? ENUM_OK : ENUM_NO_MEMORY;
}

struct dns_answer *dns_answer_keep(struct dns_answer *answer)
{
	answer->references++;
	return answer;
}

void dns_answer_drop(struct dns_answer **answer)
{
	if (*answer && --(*answer)->references == 0)
		free(*answer);
	*answer = NULL;
}

bool dns_status_is_definite(enum dns_status status)
{
	return status == DNS_OK || status == DNS_NXDOMAIN ||
	       status == DNS_NODATA;
}

const char *dns_status_text(enum dns_status status)
{
	return status < DNS_STATUS_COUNT ? table[status].text : "unknown";
}

const char *dns_status_word(enum dns_status status)
{
	return status < DNS_STATUS_COUNT ? table[status].word : "UNKNOWN";
}

const char *dns_type_word(enum dns_type type)
{
	switch (type) {
	case DNS_A: return "A";
	case DNS_AAAA: return "AAAA";
	case DNS_SRV: return "SRV";
	case DNS_NAPTR: return "NAPTR";
	}
	return "unknown";
}
