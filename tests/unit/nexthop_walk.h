#ifndef IMGW_TESTS_NEXTHOP_WALK_H
#define IMGW_TESTS_NEXTHOP_WALK_H

/** A walk to the end of a nexthop that writes down every server. For
 *  nexthop_test.c and nexthop_async_test.c. */

#include "routing/nexthop.h"
#include "tests/fake/net_fake.h"
#include "tests/unit/unit.h"

/* What a gateway speaks: u UDP, t TCP, l TLS, 4 and 6 the families; p private
 * addresses are refused. And how it got here: T the host is an SRV target,
 * s services only, o the operator wrote the URI. */
#define USUAL "utl4"

struct row {
	const char *name;
	const char *zone;
	const char *speaks;
	const char *uri;
	const char *asked; /* all questions, in order */
	const char *found; /* servers, then how it ended */
};

struct walk {
	struct nexthop *nexthop;
	struct text found;
	char buffer[4096];
	unsigned calls;
	unsigned stop_after; /* cancel inside this call; 0: never */
	bool ended;
	bool secure; /* of the last server */
};

static inline void add_server(struct walk *w, const struct hop *hop)
{
	text_addf(&w->found, "%s%s %s %s:%u, ",
		  hop->transport == TRANSPORT_UDP   ? "udp"
		  : hop->transport == TRANSPORT_TCP ? "tcp"
						    : "tls",
		  hop->transport_advertised ? "!" : "", hop->host, hop->address,
		  (unsigned)hop->port);
	w->secure = hop->secure;
	assert_string_equal(hop->recipient, "");
	assert_string_equal(hop->identity, "");
}

static inline void walked(enum route_status status, const struct hop *hop,
			  void *arg)
{
	struct walk *w = arg;

	assert_false(w->ended);
	w->calls++;
	if (status == ROUTE_OK)
		add_server(w, hop);
	else
		text_add(&w->found, route_status_word(status));
	w->ended = status != ROUTE_OK;
	if (w->calls == w->stop_after)
		nexthop_cancel(&w->nexthop);
	else if (!w->ended)
		nexthop_next(w->nexthop);
}

static inline struct nexthop_config config_of(const struct row *row,
					      const struct net_fake *net)
{
	const char *speaks = row->speaks;

	return (struct nexthop_config){
		.loop = net->loop,
		.cache = net->cache,
		.transports = { [TRANSPORT_UDP] = strchr(speaks, 'u'),
				[TRANSPORT_TCP] = strchr(speaks, 't'),
				[TRANSPORT_TLS] = strchr(speaks, 'l') },
		.ipv4 = strchr(speaks, '4'),
		.ipv6 = strchr(speaks, '6'),
		.refuse_private = strchr(speaks, 'p'),
	};
}

static inline enum route_status start(const struct row *row,
				      const struct nexthop_config *config,
				      struct walk *w)
{
	struct nexthop_from from = { .host_is_target = strchr(row->speaks, 'T'),
				     .services_only = strchr(row->speaks, 's'),
				     .from_dns = !strchr(row->speaks, 'o') };

	text_init(&w->found, w->buffer, sizeof w->buffer);
	if (sip_uri_parse(span_of(row->uri), &from.uri) != ROUTE_OK)
		return ROUTE_BAD_URI;
	return nexthop_start(config, &from, NULL, walked, w, &w->nexthop);
}

#endif
