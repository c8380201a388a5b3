#include "gateway/config_check.h"

#include <arpa/inet.h>
#include <string.h>

#include "gateway/config_auth.h"
#include "gateway/config_tls.h"
#include "routing/sip_uri.h"

static bool is_loopback(const char *address)
{
	unsigned char four[4];
	struct in6_addr six;

	if (inet_pton(AF_INET, address, four) == 1)
		return four[0] == 127;
	return inet_pton(AF_INET6, address, &six) == 1 &&
	       IN6_IS_ADDR_LOOPBACK(&six);
}

static void complain(struct config_source *source, const char *option,
		     const char *help, const char *what)
{
	config_complain(source, config_source_find(source, option), help, "%s",
			what);
}

static bool listens_on(const struct config *config, enum transport transport)
{
	for (size_t i = 0; i < config->sip.listen_count; i++)
		if (config->sip.listen[i].transport == transport)
			return true;
	return false;
}

static void check_version(struct config_source *source,
			  const struct config *config)
{
	if (config->workers > 1)
		complain(source, "workers", "write 1 or auto",
			 "several workers are not in this version");
}

static void check_times(struct config_source *source,
			const struct config *config)
{
	const char *help = "sip.deadline bounds the whole message";

	if (config->sip.deadline_ms == 0) /* could not be read */
		return;
	if (config->sip.attempt_timeout_ms >= config->sip.deadline_ms)
		complain(source, "sip.attempt_timeout", help,
			 "sip.attempt_timeout is not shorter than "
			 "sip.deadline");
	if (config->sip.connect_timeout_ms >= config->sip.deadline_ms)
		complain(source, "sip.connect_timeout", help,
			 "sip.connect_timeout is not shorter than "
			 "sip.deadline");
}

/* The three options of the component link go together. */
static void check_component(struct config_source *source,
			    const struct config *config)
{
	bool connect = config->xmpp.connect.port != 0;

	if (connect && !config->xmpp.domain)
		complain(source, "xmpp.component.connect",
			 "add xmpp.domain, the name of the component",
			 "xmpp.component needs xmpp.domain");
	if (connect && !config->xmpp.secret)
		complain(source, "xmpp.component.connect",
			 "add secret_file beside it",
			 "xmpp.component needs a secret_file");
	if (!connect && config->xmpp.secret)
		complain(source, "xmpp.component.secret_file",
			 "add connect beside it",
			 "xmpp.component needs connect");
	if (connect && !is_loopback(config->xmpp.connect.address))
		complain(source, "xmpp.component.connect",
			 "connect to a server on this host, or to a tunnel's "
			 "end on loopback",
			 "the component link is plain text and must stay on "
			 "loopback");
}

static void check_prefer(struct config_source *source,
			 const struct config *config)
{
	const enum protocol *prefer = config->routing.prefer;

	if (config->routing.prefer_count > 1 && prefer[0] == prefer[1])
		complain(source, "routing.prefer", "",
			 "a protocol is named twice");
	else if (config->routing.prefer_count > PROTOCOL_COUNT)
		complain(source, "routing.prefer", "",
			 "more protocols than there are");
	else if (config->routing.prefer_count == 1 &&
		 prefer[0] == PROTOCOL_XMPP && !config->xmpp.connect.port)
		complain(source, "routing.prefer", "add xmpp.component",
			 "xmpp alone, and there is no way to XMPP");
}

/* Can we send over what the URI asks for? */
static void check_next_hop(struct config_source *source,
			   const struct config *config, const char *option,
			   const char *text)
{
	struct sip_uri uri;

	if (!text || sip_uri_parse(span_of(text), &uri) != ROUTE_OK)
		return;
	if (uri.has_transport && !uri.transport_known)
		complain(source, option,
			 "use transport=udp, transport=tcp or transport=tls",
			 "the transport is not known");
	else if (uri.secure && !listens_on(config, TRANSPORT_TLS))
		complain(source, option, "add a tls: listener to sip.listen",
			 "sip.listen has nothing to send over TLS from");
	else if (uri.has_transport && !listens_on(config, uri.transport))
		complain(source, option, "add a listener to sip.listen",
			 "sip.listen has nothing of this transport to send "
			 "from");
}

/* Names tell trees apart in logs and output. */
static void check_trees(struct config_source *source,
			const struct config *config)
{
	for (size_t i = 0; i < config->enum_count; i++) {
		const char *name = config->enums[i].name;

		for (size_t j = 0; name && j < i; j++) {
			if (!config->enums[j].name ||
			    strcmp(name, config->enums[j].name) != 0)
				continue;
			config_complain(source,
					config_source_find(source, "enum"),
					"give each entry a name of its own",
					"two trees are called %s", name);
			return;
		}
	}
}

static void check_numbers(struct config_source *source,
			  const struct config *config)
{
	for (size_t i = 0; i < config->routing.number_count; i++) {
		const char *match = config->routing.numbers[i].match;

		if (match && match[1] == '\0')
			complain(source, "routing.numbers",
				 "write at least one digit behind the +",
				 "an entry matches every number");
	}
}

void config_check(struct config_source *source, struct config *config)
{
	bool whole = config_complaints(source) == 0;

	check_version(source, config);
	check_times(source, config);
	check_trees(source, config);
	check_numbers(source, config);
	if (!whole) /* what could not be read would be blamed for its lack */
		return;
	config_check_tls(source, config);
	config_check_auth(source, config);
	check_component(source, config);
	check_prefer(source, config);
	check_next_hop(source, config, "routing.fallback",
		       config->routing.fallback);
	check_next_hop(source, config, "replies.next_hop",
		       config->replies.next_hop);
}
