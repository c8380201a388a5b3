#include "tests/fake/net_fake.h"

#include "enum/text.h"
#include "tests/fake/fake.h"

#define LINE_SIZE 1024

static void add_lines(struct dns_fake *script, const char *zone)
{
	struct span rest = span_of(zone), line;
	char buffer[LINE_SIZE];

	while (span_cut(&rest, '\n', &line)) {
		if (!span_copy(line, buffer, sizeof buffer))
			fake_abort("a line of a zone is too long");
		if (line.len)
			dns_fake_zone(script, buffer);
	}
}

bool net_fake_open(struct net_fake *net, const char *zone)
{
	const struct dns_options options = { .timeout_ms = 2000,
					     .tries = 1,
					     .dnssec = true,
					     .in_flight_max = 100 };

	*net = (struct net_fake){ .loop = loop_fake_create(),
				  .script = dns_fake_create() };
	dns_fake_use(net->script);
	add_lines(net->script, zone);
	return dns_create(net->loop, &options, &net->dns) == ENUM_OK &&
	       cache_create(net->loop, net->dns, 100, &net->cache) == ENUM_OK;
}

void net_fake_close(struct net_fake *net)
{
	cache_destroy(&net->cache);
	dns_destroy(&net->dns);
	dns_fake_destroy(&net->script);
	loop_fake_destroy(&net->loop);
}

void net_fake_asked(const struct net_fake *net, char *out, size_t size)
{
	struct text all;

	text_init(&all, out, size);
	for (size_t i = 0; i < dns_fake_asked_count(net->script); i++) {
		text_add(&all, i ? " " : "");
		text_add(&all, dns_fake_asked(net->script, i));
	}
}
