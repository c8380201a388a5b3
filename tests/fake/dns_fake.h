#ifndef IMGW_TESTS_DNS_FAKE_H
#define IMGW_TESTS_DNS_FAKE_H

/** enum/dns.h on a script, linked in place of enum/dns.c.
 *
 *  A script is a zone in lines and a log of the questions. Every struct dns
 *  made by dns_create, here or inside the code under test, answers from the
 *  script in use:
 *
 *	struct dns_fake *script = dns_fake_create();
 *	dns_fake_use(script);
 *	dns_fake_zone(script, "im.example 60 A 192.0.2.1");
 *	dns_create(loop, &options, &dns);
 *	... dns_query_start(dns, "im.example", DNS_A, ...) ...
 *	loop_fake_advance(loop, 0);                 the answer comes
 *	assert_string_equal(dns_fake_asked(script, 0), "im.example/A");
 *	dns_destroy(&dns);
 *	dns_fake_destroy(&script);
 *
 *  Answers are real packets, read by dns_answer_parse. They come from a timer
 *  of no delay, so never before the loop is advanced. Names that the script
 *  does not know are NXDOMAIN; a name above a known one exists and is NODATA,
 *  as in any zone. in_flight_max is not looked at. */

#include <stddef.h>

#include "enum/dns.h"

struct dns_fake;

/** TTL of a line that names none. */
#define DNS_FAKE_TTL_S 3600

/** Negative TTL (RFC 2308) of a name that no line speaks of. */
#define DNS_FAKE_NEGATIVE_TTL_S 300

/** An empty script. @return never NULL; the caller owns it */
struct dns_fake *dns_fake_create(void);

/** Free, after every struct dns that uses it; clears; takes NULL. */
void dns_fake_destroy(struct dns_fake **script);

/** Every dns_create from now on takes this script. */
void dns_fake_use(struct dns_fake *script);

/** Add a line in master-file syntax: names absolute, with or without the dot
 *  at the end; backslashes in quoted strings doubled (RFC 3403, 8); a comment
 *  begins with ';'.
 *
 *	NAME [TTL] [IN] A|AAAA|CNAME|SRV|NAPTR DATA...   a record
 *	NAME [TTL] [TYPE] WORD          instead of records; without a type: all
 *
 *  Words: NXDOMAIN and NODATA (their TTL is the negative one), SERVFAIL,
 *  REFUSED, NOTIMP; SILENT, no answer: DNS_TIMEOUT after timeout_ms of the
 *  options; OVERLOAD: DNS_OVERLOAD; GARBAGE, a packet that cannot be read;
 *  DELAY ms, the answer comes later; SECURE, the answer has the AD bit (it
 *  counts only with options.dnssec).
 *  The name "*" in front of a word means every name without such a word.
 *
 *	dns_fake_zone(s, "0.1.e164.arpa NAPTR 10 10 \"u\" \"E2U+im\""
 *			 " \"!^.*$!im:a@im.example!\" .");
 *	dns_fake_zone(s, "_im._sip.im.example SRV SERVFAIL");
 *	dns_fake_zone(s, "* SECURE");
 *
 *  A line that cannot be read aborts the test. */
void dns_fake_zone(struct dns_fake *script, const char *line);

/** Forget all lines of a name. */
void dns_fake_forget(struct dns_fake *script, const char *name);

/** The index-th question, as "name/TYPE", or NULL when there were fewer. */
const char *dns_fake_asked(const struct dns_fake *script, size_t index);

/** How many questions were asked. */
size_t dns_fake_asked_count(const struct dns_fake *script);

/** How many questions wait for an answer. */
size_t dns_fake_pending(const struct dns_fake *script);

#endif
