#define _POSIX_C_SOURCE 200809L /* strcasecmp */

#include "tests/fake/zone_fake.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/fake/dns_fake.h"
#include "tests/fake/fake.h"

#define CLASS_IN       1
#define CHAIN_MAX      16 /* CNAMEs in one answer, as resolvers have it */

#define RCODE_SERVFAIL 2
#define RCODE_NXDOMAIN 3
#define RCODE_NOTIMP   4
#define RCODE_REFUSED  5

static const struct zone_line *find(const struct zone_fake *zone,
				    const char *name, unsigned type,
				    enum zone_word word)
{
	for (const struct zone_line *l = zone->lines; l; l = l->next)
		if (l->word == word && strcasecmp(l->name, name) == 0 &&
		    (l->type == type || l->type == ZONE_TYPE_ANY))
			return l;
	return NULL;
}

/* A word of the name itself, else that of "*". */
static const struct zone_line *find_word(const struct zone_fake *zone,
					 const char *name, unsigned type,
					 enum zone_word word)
{
	const struct zone_line *own = find(zone, name, type, word);

	return own ? own : find(zone, "*", type, word);
}

bool zone_fake_has(const struct zone_fake *zone, const char *name,
		   enum dns_type type, enum zone_word word)
{
	return find_word(zone, name, type, word) != NULL;
}

int64_t zone_fake_delay_ms(const struct zone_fake *zone, const char *name,
			   enum dns_type type)
{
	const struct zone_line *line = find_word(zone, name, type, ZONE_DELAY);

	return line ? line->delay_ms : 0;
}

static bool is_at_or_below(const char *name, const char *top)
{
	size_t len = strlen(name), top_len = strlen(top);

	if (len < top_len || strcasecmp(name + len - top_len, top) != 0)
		return false;
	return len == top_len || name[len - top_len - 1] == '.';
}

static bool name_exists(const struct zone_fake *zone, const char *name)
{
	for (const struct zone_line *l = zone->lines; l; l = l->next)
		if ((l->word == ZONE_RECORD || l->word == ZONE_NODATA) &&
		    is_at_or_below(l->name, name))
			return true;
	return false;
}

/* The rcode that the script asks for in so many words, or 0. */
static unsigned forced_rcode(const struct zone_fake *zone, const char *name,
			     unsigned type)
{
	if (find_word(zone, name, type, ZONE_SERVFAIL))
		return RCODE_SERVFAIL;
	if (find_word(zone, name, type, ZONE_NOTIMP))
		return RCODE_NOTIMP;
	if (find_word(zone, name, type, ZONE_REFUSED))
		return RCODE_REFUSED;
	if (find_word(zone, name, type, ZONE_NXDOMAIN))
		return RCODE_NXDOMAIN;
	return 0;
}

static unsigned put_records(const struct zone_fake *zone, const char *name,
			    unsigned type, struct wire *p)
{
	unsigned count = 0;

	if (forced_rcode(zone, name, type) != 0 ||
	    find_word(zone, name, type, ZONE_NODATA))
		return 0;
	for (const struct zone_line *l = zone->lines; l; l = l->next) {
		if (l->word != ZONE_RECORD || l->type != type ||
		    strcasecmp(l->name, name) != 0)
			continue;
		wire_put_record(p, name, type, l->ttl_s, l->data, l->len);
		count++;
	}
	return count;
}

static uint32_t negative_ttl_s(const struct zone_fake *zone, const char *name,
			       unsigned type)
{
	const struct zone_line *line =
		find_word(zone, name, type, ZONE_NXDOMAIN);

	if (!line)
		line = find_word(zone, name, type, ZONE_NODATA);
	return line && line->has_ttl ? line->ttl_s : DNS_FAKE_NEGATIVE_TTL_S;
}

static void put_soa(struct wire *p, uint32_t minimum_s)
{
	struct wire *data = fake_alloc(sizeof *data);

	wire_put_name(data, "ns.fake.example");
	wire_put_name(data, "hostmaster.fake.example");
	wire_put_32(data, 1);	  /* serial */
	wire_put_32(data, 7200);  /* refresh */
	wire_put_32(data, 900);	  /* retry */
	wire_put_32(data, 86400); /* expire */
	wire_put_32(data, minimum_s);
	wire_put_record(p, "", ZONE_TYPE_SOA, minimum_s, data->at, data->len);
	free(data);
}

/* What the header says in the end. */
struct verdict {
	unsigned rcode, answers, authorities;
	bool found, secure;
};

static void put_header(struct wire *p, const struct verdict *v)
{
	p->len = 0;
	wire_put_16(p, 0);
	wire_put_16(p, 0x8180 | (v->secure ? 0x20u : 0) | v->rcode);
	wire_put_16(p, 1);
	wire_put_16(p, v->answers);
	wire_put_16(p, v->authorities);
	wire_put_16(p, 0);
}

/* The CNAME chain, the records at its end, and whether all was secure.
 * Returns the name at the end. */
static const char *put_chain(const struct zone_fake *zone, const char *name,
			     unsigned type, struct wire *p, struct verdict *v)
{
	v->secure = true;
	while (v->answers < CHAIN_MAX) {
		const struct zone_line *cname =
			find(zone, name, ZONE_TYPE_CNAME, ZONE_RECORD);
		unsigned count = put_records(zone, name, type, p);

		v->secure =
			v->secure && find_word(zone, name, type, ZONE_SECURE);
		v->answers += count;
		v->found = count > 0;
		if (count || !cname || forced_rcode(zone, name, type) != 0)
			break;
		wire_put_record(p, name, ZONE_TYPE_CNAME, cname->ttl_s,
				cname->data, cname->len);
		v->answers++;
		name = cname->cname;
	}
	return name;
}

static void put_verdict(const struct zone_fake *zone, const char *name,
			unsigned type, struct wire *p, struct verdict *v)
{
	size_t len;

	v->rcode = forced_rcode(zone, name, type);
	if (v->rcode == 0 && !name_exists(zone, name) &&
	    !find_word(zone, name, type, ZONE_NODATA))
		v->rcode = RCODE_NXDOMAIN;
	if (!v->found && (v->rcode == 0 || v->rcode == RCODE_NXDOMAIN)) {
		put_soa(p, negative_ttl_s(zone, name, type));
		v->authorities = 1;
	}
	len = p->len;
	put_header(p, v);
	p->len = len;
}

void zone_fake_answer(const struct zone_fake *zone, const char *name,
		      enum dns_type type, struct wire *packet_out)
{
	struct verdict v = { .rcode = 0 };
	const char *end;

	put_header(packet_out, &v);
	wire_put_name(packet_out, name);
	wire_put_16(packet_out, type);
	wire_put_16(packet_out, CLASS_IN);
	end = put_chain(zone, name, type, packet_out, &v);
	put_verdict(zone, end, type, packet_out, &v);
	if (zone_fake_has(zone, name, type, ZONE_GARBAGE))
		packet_out->len -= packet_out->len / 3;
}
