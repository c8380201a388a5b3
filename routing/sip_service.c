#include "routing/sip_service.h"

static const struct {
	const char *naptr;  /* services field */
	const char *prefix; /* of the SRV owner name */
} services[TRANSPORT_COUNT] = {
	[TRANSPORT_UDP] = { "SIP+D2U", "_sip._udp." },
	[TRANSPORT_TCP] = { "SIP+D2T", "_sip._tcp." },
	[TRANSPORT_TLS] = { "SIPS+D2T", "_sips._tcp." },
};

static bool is_sip(const struct naptr *rule)
{
	return span_is_nocase(rule->flags, "s") &&
	       (span_starts_nocase(rule->services, "SIP+") ||
		span_starts_nocase(rule->services, "SIPS+"));
}

bool sip_service_is_named(const struct dns_answer *naptr)
{
	for (size_t i = 0; i < naptr->count; i++)
		if (is_sip(&naptr->records[i].naptr))
			return true;
	return false;
}

/* TRANSPORT_COUNT: none of ours (SCTP and the like). */
static enum transport transport_of(const struct naptr *rule)
{
	enum transport t = TRANSPORT_UDP;

	while (t < TRANSPORT_COUNT &&
	       !span_is_nocase(rule->services, services[t].naptr))
		t++;
	return t;
}

static bool is_usable(const struct naptr *rule,
		      const bool usable[TRANSPORT_COUNT])
{
	enum transport t = transport_of(rule);

	return is_sip(rule) && t < TRANSPORT_COUNT && usable[t] &&
	       rule->replacement[0] != '\0';
}

size_t sip_service_by_naptr(const struct dns_answer *naptr,
			    const bool usable[TRANSPORT_COUNT],
			    struct sip_service out[SIP_SERVICES_MAX])
{
	const struct naptr *rules[DNS_RECORDS_MAX];
	size_t rule_count = 0, count = 0;

	for (size_t i = 0; i < naptr->count; i++)
		if (is_usable(&naptr->records[i].naptr, usable))
			rules[rule_count++] = &naptr->records[i].naptr;
	naptr_sort(rules, rule_count);
	for (size_t i = 0; i < rule_count && count < SIP_SERVICES_MAX; i++) {
		out[count].transport = transport_of(rules[i]);
		if (span_copy(span_of(rules[i]->replacement), out[count].name,
			      sizeof out[count].name))
			count++;
	}
	return count;
}

size_t sip_service_by_default(const char *domain,
			      const bool usable[TRANSPORT_COUNT],
			      struct sip_service out[SIP_SERVICES_MAX])
{
	size_t count = 0;

	for (enum transport t = TRANSPORT_UDP; t < TRANSPORT_COUNT; t++) {
		struct text name;

		if (!usable[t])
			continue;
		text_init(&name, out[count].name, sizeof out[count].name);
		text_add(&name, services[t].prefix);
		text_add(&name, domain);
		out[count].transport = t;
		if (!name.cut)
			count++;
	}
	return count;
}
