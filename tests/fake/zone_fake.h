#ifndef IMGW_TESTS_ZONE_FAKE_H
#define IMGW_TESTS_ZONE_FAKE_H

/** The lines of a scripted zone (zone_fake.c), and the packets made of them
 *  (zone_answer_fake.c). The syntax is described at dns_fake_zone. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/dns_answer.h"
#include "tests/fake/wire_fake.h"

/** What a line says instead of, or beside, a record. */
enum zone_word {
	ZONE_RECORD,
	ZONE_NXDOMAIN,
	ZONE_NODATA,
	ZONE_SERVFAIL,
	ZONE_REFUSED,
	ZONE_NOTIMP,
	ZONE_SILENT,
	ZONE_OVERLOAD,
	ZONE_GARBAGE,
	ZONE_DELAY,
	ZONE_SECURE
};

/** Types that are only met on the way. */
enum { ZONE_TYPE_ANY = 0, ZONE_TYPE_CNAME = 5, ZONE_TYPE_SOA = 6 };

struct zone_line {
	struct zone_line *next;
	char name[DNS_NAME_SIZE];
	unsigned type; /* ZONE_TYPE_ANY: a word that holds for all types */
	enum zone_word word;
	bool has_ttl;
	uint32_t ttl_s;
	unsigned delay_ms;	   /* of ZONE_DELAY */
	char cname[DNS_NAME_SIZE]; /* of a CNAME, in text */
	unsigned char *data;	   /* of a record, as on the wire */
	size_t len;
};

struct zone_fake {
	struct zone_line *lines; /* in the order in which they were added */
};

/** Read a line and add it; aborts when it cannot be read. */
void zone_fake_add(struct zone_fake *zone, const char *line);

/** Drop the lines of a name, or all of them with NULL. */
void zone_fake_forget(struct zone_fake *zone, const char *name);

/** Does such a word hold for the question? */
bool zone_fake_has(const struct zone_fake *zone, const char *name,
		   enum dns_type type, enum zone_word word);

/** How late the answer comes. */
int64_t zone_fake_delay_ms(const struct zone_fake *zone, const char *name,
			   enum dns_type type);

/** Write the answer as it would come over the wire. */
void zone_fake_answer(const struct zone_fake *zone, const char *name,
		      enum dns_type type, struct wire *packet_out);

#endif
