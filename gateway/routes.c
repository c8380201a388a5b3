#include "gateway/routes.h"

#include <stdlib.h>
#include <string.h>

#include "enum/cache.h"
#include "enum/dns.h"

/* "[2001:...]:65535," */
#define SERVER_SIZE (DNS_ADDRESS_SIZE + 10)

/* One channel and its cache. */
struct resolver {
	struct resolver *next;
	char *servers; /* list for dns_create, "" for resolv.conf */
	bool dnssec;
	struct dns *dns;
	struct cache *cache;
};

struct routes {
	struct loop *loop;
	const struct config *config;
	struct resolver *resolvers;
	struct lookup_apex *apexes;
	const char **own_domains;
	struct policy policy;
	struct plan_config plan;
};

static void resolver_destroy(struct resolver *resolver)
{
	cache_destroy(&resolver->cache);
	dns_destroy(&resolver->dns);
	free(resolver->servers);
	free(resolver);
}

static char *server_list(const struct config_address *servers, size_t count)
{
	size_t size = count * SERVER_SIZE + 1;
	char *list = malloc(size);
	struct text text;

	if (!list)
		return NULL;
	text_init(&text, list, size);
	for (size_t i = 0; i < count; i++) {
		bool six = strchr(servers[i].address, ':') != NULL;

		text_addf(&text, six ? "%s[%s]:%u" : "%s%s:%u", i ? "," : "",
			  servers[i].address, servers[i].port);
	}
	return list;
}

static enum gateway_status open_channel(struct routes *routes,
					struct resolver *resolver)
{
	const struct dns_options options = {
		.servers = resolver->servers,
		.timeout_ms = (int)routes->config->dns.timeout_ms,
		.tries = (int)routes->config->dns.tries,
		.dnssec = resolver->dnssec,
		.in_flight_max = (size_t)routes->config->dns.in_flight,
	};
	enum enum_status status =
		dns_create(routes->loop, &options, &resolver->dns);

	if (status == ENUM_OK)
		status = cache_create(routes->loop, resolver->dns,
				      (size_t)routes->config->dns.cache_entries,
				      &resolver->cache);
	if (status == ENUM_OK)
		return GATEWAY_OK;
	return status == ENUM_NO_MEMORY ? GATEWAY_NO_MEMORY
					: GATEWAY_BAD_CONFIG;
}

/* @param servers  becomes ours in any case */
static enum gateway_status add_resolver(struct routes *routes, char *servers,
					bool dnssec, struct cache **cache_out)
{
	struct resolver *resolver = calloc(1, sizeof *resolver);
	enum gateway_status status;

	if (!resolver) {
		free(servers);
		return GATEWAY_NO_MEMORY;
	}
	resolver->servers = servers;
	resolver->dnssec = dnssec;
	status = open_channel(routes, resolver);
	if (status != GATEWAY_OK) {
		resolver_destroy(resolver);
		return status;
	}
	resolver->next = routes->resolvers;
	routes->resolvers = resolver;
	*cache_out = resolver->cache;
	return GATEWAY_OK;
}

/* The cache in front of these servers; equal sets share one. */
static enum gateway_status find_cache(struct routes *routes,
				      const struct config_address *servers,
				      size_t count, bool dnssec,
				      struct cache **cache_out)
{
	char *list = server_list(servers, count);

	if (!list)
		return GATEWAY_NO_MEMORY;
	for (struct resolver *r = routes->resolvers; r; r = r->next) {
		if (r->dnssec == dnssec && strcmp(r->servers, list) == 0) {
			*cache_out = r->cache;
			free(list);
			return GATEWAY_OK;
		}
	}
	return add_resolver(routes, list, dnssec, cache_out);
}

static enum lookup_dnssec lookup_dnssec(enum config_dnssec dnssec)
{
	static const enum lookup_dnssec table[] = {
		[CONFIG_DNSSEC_OFF] = LOOKUP_DNSSEC_OFF,
		[CONFIG_DNSSEC_PREFER] = LOOKUP_DNSSEC_PREFER,
		[CONFIG_DNSSEC_REQUIRE] = LOOKUP_DNSSEC_REQUIRE,
	};

	return table[dnssec];
}

static enum gateway_status make_apex(struct routes *routes,
				     const struct config_enum *tree,
				     struct lookup_apex *apex)
{
	const struct config *config = routes->config;
	bool own = tree->resolver_count > 0;
	enum config_dnssec dnssec = tree->dnssec == CONFIG_DNSSEC_INHERIT
					    ? config->dns.dnssec
					    : tree->dnssec;

	apex->name = tree->name;
	apex->apex = tree->apex;
	apex->match = (const char *const *)tree->match;
	apex->match_count = tree->match_count;
	apex->dnssec = lookup_dnssec(dnssec);
	return find_cache(routes, own ? tree->resolvers : config->dns.resolvers,
			  own ? tree->resolver_count
			      : config->dns.resolver_count,
			  dnssec != CONFIG_DNSSEC_OFF, &apex->cache);
}

static enum gateway_status make_lookup(struct routes *routes)
{
	const struct config *config = routes->config;
	enum gateway_status status = GATEWAY_OK;

	routes->apexes = calloc(config->enum_count, sizeof *routes->apexes);
	if (!routes->apexes)
		return GATEWAY_NO_MEMORY;
	for (size_t i = 0; i < config->enum_count && status == GATEWAY_OK; i++)
		status = make_apex(routes, &config->enums[i],
				   &routes->apexes[i]);
	routes->plan.lookup =
		(struct lookup_config){ routes->apexes, config->enum_count };
	return status;
}

/* SEC-12: an im: URI at one of these names leads back to us. */
static enum gateway_status make_policy(struct routes *routes)
{
	const struct config *config = routes->config;
	size_t count = config->sip.domain_count;

	routes->own_domains = calloc(count + 1, sizeof(char *));
	if (!routes->own_domains)
		return GATEWAY_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		routes->own_domains[i] = config->sip.domains[i];
	if (config->xmpp.domain)
		routes->own_domains[count++] = config->xmpp.domain;
	routes->policy = (struct policy){
		.numbers = config->routing.numbers,
		.number_count = config->routing.number_count,
		.fallback = config->routing.fallback,
		.replies = config->replies.next_hop,
		.own_domains = routes->own_domains,
		.own_domain_count = count,
		.numbers_as_sip = config->routing.numbers_as_sip,
		.ruri_host_is_target = config->routing.ruri_host_is_target,
	};
	routes->plan.policy = &routes->policy;
	return GATEWAY_OK;
}

/* A protocol that we have no side for is not asked for (RFC 3861, 3). */
static void make_resolve(struct routes *routes, struct cache *cache)
{
	const struct config *config = routes->config;
	struct resolve_config *resolve = &routes->plan.resolve;

	resolve->loop = routes->loop;
	resolve->cache = cache;
	for (size_t i = 0; i < config->routing.prefer_count; i++) {
		enum protocol protocol = config->routing.prefer[i];

		if (protocol == PROTOCOL_XMPP && !config->xmpp.connect.port)
			continue;
		resolve->prefer[resolve->prefer_count++] = protocol;
	}
}

static bool is_wildcard(const char *address)
{
	return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

/* SEC-9: on a bed of loopback or private addresses such targets are the
 * only ones there are; elsewhere they are an attempt to reach inside. */
static bool refuse_private(const struct config *config)
{
	if (config->routing.private_targets != CONFIG_PRIVATE_AUTO)
		return config->routing.private_targets == CONFIG_PRIVATE_REFUSE;
	for (size_t i = 0; i < config->sip.listen_count; i++) {
		const char *address = config->sip.listen[i].address;

		if (nexthop_address_is_private(address) &&
		    !is_wildcard(address))
			return false;
	}
	return true;
}

static void make_nexthop(struct routes *routes, struct cache *cache)
{
	const struct config *config = routes->config;
	struct nexthop_config *nexthop = &routes->plan.nexthop;

	nexthop->loop = routes->loop;
	nexthop->cache = cache;
	nexthop->refuse_private = refuse_private(config);
	for (size_t i = 0; i < config->sip.listen_count; i++) {
		const struct listen_address *listen = &config->sip.listen[i];

		nexthop->transports[listen->transport] = true;
		if (strchr(listen->address, ':'))
			nexthop->ipv6 = true;
		else
			nexthop->ipv4 = true;
	}
}

static enum gateway_status make_all(struct routes *routes)
{
	const struct config *config = routes->config;
	struct cache *cache = NULL;
	enum gateway_status status = find_cache(
		routes, config->dns.resolvers, config->dns.resolver_count,
		config->dns.dnssec != CONFIG_DNSSEC_OFF, &cache);

	if (status == GATEWAY_OK)
		status = make_lookup(routes);
	if (status == GATEWAY_OK)
		status = make_policy(routes);
	make_resolve(routes, cache);
	make_nexthop(routes, cache);
	return status;
}

enum gateway_status routes_create(struct loop *loop,
				  const struct config *config,
				  struct routes **routes_out)
{
	struct routes *routes = calloc(1, sizeof *routes);
	enum gateway_status status;

	*routes_out = NULL;
	if (!routes)
		return GATEWAY_NO_MEMORY;
	routes->loop = loop;
	routes->config = config;
	routes->plan.loop = loop;
	status = make_all(routes);
	if (status == GATEWAY_OK)
		*routes_out = routes;
	else
		routes_destroy(&routes);
	return status;
}

const struct plan_config *routes_plan(const struct routes *routes)
{
	return &routes->plan;
}

void routes_destroy(struct routes **routes)
{
	struct routes *r = *routes;

	if (!r)
		return;
	while (r->resolvers) {
		struct resolver *resolver = r->resolvers;

		r->resolvers = resolver->next;
		resolver_destroy(resolver);
	}
	free(r->apexes);
	free(r->own_domains);
	free(r);
	*routes = NULL;
}
