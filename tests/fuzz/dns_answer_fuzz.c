/** An octet that chooses the type, then a packet that claims to answer for
 *  0.1.e164.arpa. All that the answer points at can be read. */

#include <stdint.h>
#include <stdlib.h>

#include "enum/dns_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_SRV, DNS_NAPTR };

/* The sanitizer sees an octet outside of its block. */
static void touch(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		(void)*(const volatile char *)&s.at[i];
}

static void touch_record(const struct dns_record *record, enum dns_type type)
{
	if (type == DNS_SRV) {
		touch(span_of(record->srv.target));
	} else if (type == DNS_NAPTR) {
		touch(record->naptr.flags);
		touch(record->naptr.services);
		touch(record->naptr.regexp);
		touch(span_of(record->naptr.replacement));
	} else {
		touch(span_of(record->address));
	}
}

static void check(const struct dns_answer *answer)
{
	if ((answer->status == DNS_OK) != (answer->count > 0) ||
	    answer->count > DNS_RECORDS_MAX ||
	    (answer->secure && !dns_status_is_definite(answer->status)) ||
	    answer->ttl_s > INT32_MAX)
		abort();
	for (size_t i = 0; i < answer->count; i++) {
		touch_record(&answer->records[i], answer->type);
		if (answer->records[i].ttl_s < answer->ttl_s)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_answer *answer;

	if (size == 0 ||
	    dns_answer_parse(data + 1, size - 1, "0.1.e164.arpa",
			     types[data[0] % 4], true, &answer) != ENUM_OK)
		return 0;
	check(answer);
	dns_answer_drop(&answer);
	return 0;
}
