#include "gateway/config_table.h"

#include <assert.h>

#include "gateway/config.h"

/* clang-format off */

#define COUNT(array)		  (sizeof(array) / sizeof(array)[0])
#define WORDS(...)		  ((const char *const[]){ __VA_ARGS__, NULL })
#define MEMBER_SIZE(type, member) sizeof(((type *)NULL)->member)

/* Where a value goes: a member, or a list with its count. */
#define AT(member) .at = offsetof(struct config, member)
#define MANY(member, count) AT(member), \
	.count_at = offsetof(struct config, count)
#define CHOICE(member, ...) .kind = CONFIG_CHOICE, AT(member), \
	.size = MEMBER_SIZE(struct config, member), .words = WORDS(__VA_ARGS__)
#define IN(type, member) .at = offsetof(type, member)

#define SECOND 1000
#define HOUR (3600 * SECOND)

static const struct config_row enum_rows[] = {
	{ .name = "name", .kind = CONFIG_STRING, IN(struct config_enum, name),
	  .example = "public",
	  .text = "Name of the tree in logs and output; default: the apex" },
	{ .name = "apex", .kind = CONFIG_DOMAIN, .flags = CONFIG_REQUIRED,
	  IN(struct config_enum, apex), .example = "e164.arpa",
	  .text = "Domain below which the numbers stand" },
	{ .name = "match", .kind = CONFIG_PREFIX,
	  .flags = CONFIG_LIST | CONFIG_NOT_EMPTY,
	  IN(struct config_enum, match),
	  .count_at = offsetof(struct config_enum, match_count),
	  .initial = "[\"+\"]",
	  .text = "Asked only for numbers that begin so" },
	{ .name = "services", .kind = CONFIG_CHOICE,
	  .flags = CONFIG_LIST | CONFIG_NOT_EMPTY,
	  IN(struct config_enum, services),
	  .count_at = offsetof(struct config_enum, service_count),
	  .size = sizeof(enum config_service), .words = WORDS("im"),
	  .initial = "[im]",
	  .text = "Enumservices that are followed" },
	{ .name = "resolvers", .kind = CONFIG_ADDRESS, .flags = CONFIG_LIST,
	  IN(struct config_enum, resolvers),
	  .count_at = offsetof(struct config_enum, resolver_count), .port = 53,
	  .initial = "[]",
	  .text = "Servers asked for this tree; none: those of dns.resolvers" },
	{ .name = "dnssec", .kind = CONFIG_CHOICE,
	  IN(struct config_enum, dnssec),
	  .size = MEMBER_SIZE(struct config_enum, dnssec),
	  .words = WORDS("off", "prefer", "require", "inherit"),
	  .initial = "inherit",
	  .text = "As dns.dnssec, for this tree alone" },
};

static const struct config_table enum_map = { enum_rows, COUNT(enum_rows),
					      sizeof(struct config_enum) };

static const struct config_row number_rows[] = {
	{ .name = "match", .kind = CONFIG_PREFIX, .flags = CONFIG_REQUIRED,
	  IN(struct policy_number, match), .example = "\"+1202555\"",
	  .text = "Numbers that begin so; the longest match wins" },
	{ .name = "to", .kind = CONFIG_IM_URI, .flags = CONFIG_REQUIRED,
	  IN(struct policy_number, to), .example = "\"im:desk@im.example\"",
	  .text = "im: URI that they are sent to" },
};

static const struct config_table number_map = { number_rows, COUNT(number_rows),
						sizeof(struct policy_number) };

static const struct config_row rows[] = {
	{ .name = "node", .kind = CONFIG_STRING, AT(node), .initial = "imgw",
	  .text = "Name of this gateway in the log" },
	{ .name = "workers", .kind = CONFIG_INTEGER, AT(workers), .min = 1,
	  .max = 1024, .zero = "auto", .initial = "1",
	  .text = "Event loops, each in a thread of its own; this version has "
		  "one" },

	{ .name = "sip.listen", .kind = CONFIG_LISTENER,
	  .flags = CONFIG_LIST | CONFIG_NOT_EMPTY | CONFIG_REQUIRED,
	  MANY(sip.listen, sip.listen_count), .port = 5060,
	  .example = "[\"udp:127.0.0.1:5060\", \"tcp:127.0.0.1:5060\"]",
	  .text = "Where SIP is taken, and what it is sent from: udp:, tcp: "
		  "or tls:, address, port" },
	{ .name = "sip.domains", .kind = CONFIG_DOMAIN, .flags = CONFIG_LIST,
	  MANY(sip.domains, sip.domain_count), .initial = "[]",
	  .text = "Hosts in a Request-URI or Route that mean us, besides our "
		  "addresses" },
	{ .name = "sip.trust", .kind = CONFIG_RANGE, .flags = CONFIG_LIST,
	  MANY(sip.trust, sip.trust_count), .initial = "[]",
	  .text = "Peers that may send and whose assertions are believed" },
	{ .name = "sip.admit", .kind = CONFIG_RANGE, .flags = CONFIG_LIST,
	  MANY(sip.admit, sip.admit_count), .initial = "[]",
	  .text = "Peers that may send but are not believed; all others get "
		  "403" },
	{ .name = "sip.attempt_timeout", .kind = CONFIG_DURATION,
	  AT(sip.attempt_timeout_ms), .min = 100, .max = 31 * SECOND,
	  .initial = "4s",
	  .text = "How long one UDP target may stay without any answer before "
		  "the next is tried" },
	{ .name = "sip.connect_timeout", .kind = CONFIG_DURATION,
	  AT(sip.connect_timeout_ms), .min = 100, .max = 31 * SECOND,
	  .initial = "3s",
	  .text = "How long a TCP target may take to connect, and a TLS one "
		  "for its handshake too" },
	{ .name = "sip.deadline", .kind = CONFIG_DURATION, AT(sip.deadline_ms),
	  .min = SECOND, .max = 31 * SECOND, .initial = "25s",
	  .text = "How long a message may take as a whole; the sender gives "
		  "up after 32 s" },
	{ .name = "sip.transactions", .kind = CONFIG_INTEGER,
	  AT(sip.transactions_max), .min = 100, .max = 10000000,
	  .initial = "1000000",
	  .text = "Server transactions kept at once, about 500 octets each "
		  "for 32 s over UDP; above it 503" },
	{ .name = "sip.connections.total", .kind = CONFIG_INTEGER,
	  AT(sip.connections.total), .min = 10, .max = 1000000,
	  .initial = "1000",
	  .text = "TCP and TLS connections that others have made to us; peers "
		  "that may not send get half of them at most" },
	{ .name = "sip.connections.per_peer", .kind = CONFIG_INTEGER,
	  AT(sip.connections.per_peer), .min = 1, .max = 1000000,
	  .initial = "100",
	  .text = "The same from one address" },
	{ .name = "sip.connections.idle", .kind = CONFIG_DURATION,
	  AT(sip.connections.idle_ms), .min = SECOND, .max = 24 * HOUR,
	  .initial = "10m",
	  .text = "How long a connection may be without an octet in either "
		  "direction" },
	{ .name = "sip.connections.message", .kind = CONFIG_DURATION,
	  AT(sip.connections.message_ms), .min = SECOND, .max = HOUR,
	  .initial = "30s",
	  .text = "How long a peer may take to send one message" },
	{ .name = "sip.auth.require", .kind = CONFIG_RANGE,
	  .flags = CONFIG_LIST,
	  MANY(sip.auth.require, sip.auth.require_count), .initial = "[]",
	  .text = "Peers that must authenticate each message by digest; one "
		  "that is in neither sip.trust nor sip.admit is then admitted" },
	{ .name = "sip.auth.realm", .kind = CONFIG_STRING, AT(sip.auth.realm),
	  .example = "gw.example.net", .text = "Realm of our challenges" },
	{ .name = "sip.auth.users_file", .kind = CONFIG_USERS,
	  AT(sip.auth.users), .example = "secrets/users",
	  .text = "File with lines user:realm:hash, the hash being MD5 or "
		  "SHA-256 of user:realm:password" },
	{ .name = "sip.auth.nonce_life", .kind = CONFIG_DURATION,
	  AT(sip.auth.nonce_life_ms), .min = 10 * SECOND, .max = 24 * HOUR,
	  .initial = "5m",
	  .text = "How long a challenge may be answered; then there is a new "
		  "one" },
	{ .name = "sip.tls.cert_file", .kind = CONFIG_PATH,
	  AT(sip.tls.cert_file), .example = "tls/fullchain.pem",
	  .text = "Our certificate in both directions, with the intermediate "
		  "ones behind it" },
	{ .name = "sip.tls.key_file", .kind = CONFIG_PATH,
	  AT(sip.tls.key_file), .example = "tls/key.pem",
	  .text = "Its key, readable by its owner only" },
	{ .name = "sip.tls.ca_file", .kind = CONFIG_PATH, AT(sip.tls.ca_file),
	  .example = "tls/ca.pem",
	  .text = "Authorities that we believe; not set: those of the "
		  "system" },
	{ .name = "sip.tls.verify", CHOICE(sip.tls.verify, "false", "true"),
	  .initial = "true",
	  .text = "Refuse next hops whose certificate is not good for their "
		  "domain, and senders without a valid one" },

	{ .name = "dns.resolvers", .kind = CONFIG_ADDRESS, .flags = CONFIG_LIST,
	  MANY(dns.resolvers, dns.resolver_count), .port = 53, .initial = "[]",
	  .text = "Servers that are asked, best a validating one on this "
		  "host; none: those of resolv.conf" },
	{ .name = "dns.dnssec", CHOICE(dns.dnssec, "off", "prefer", "require"),
	  .initial = "prefer",
	  .text = "Whether DNSSEC is asked for, or even needed for ENUM; the "
		  "AD bit is believed from loopback only" },
	{ .name = "dns.timeout", .kind = CONFIG_DURATION, AT(dns.timeout_ms),
	  .min = 100, .max = 20 * SECOND, .initial = "2s",
	  .text = "How long the first try of a question waits; later tries "
		  "wait longer" },
	{ .name = "dns.tries", .kind = CONFIG_INTEGER, AT(dns.tries), .min = 1,
	  .max = 10, .initial = "2",
	  .text = "Tries at each server" },
	{ .name = "dns.cache", .kind = CONFIG_INTEGER, AT(dns.cache_entries),
	  .max = 10000000, .initial = "10000",
	  .text = "Answers kept for their TTL; 0: none" },
	{ .name = "dns.in_flight", .kind = CONFIG_INTEGER, AT(dns.in_flight),
	  .min = 1, .max = 100000, .initial = "1000",
	  .text = "Questions asked at once; twice as many may wait" },

	{ .name = "enum", .kind = CONFIG_MAP,
	  .flags = CONFIG_LIST | CONFIG_NOT_EMPTY, MANY(enums, enum_count),
	  .map = &enum_map, .initial = "[{name: public, apex: e164.arpa}]",
	  .text = "Trees asked for numbers, in this order; the first usable "
		  "im: URI wins" },

	{ .name = "routing.prefer", .kind = CONFIG_CHOICE,
	  .flags = CONFIG_LIST | CONFIG_NOT_EMPTY,
	  MANY(routing.prefer, routing.prefer_count),
	  .size = sizeof(enum protocol), .words = WORDS("sip", "xmpp"),
	  .initial = "[sip, xmpp]",
	  .text = "Protocols in the order in which a domain is asked for "
		  "them; xmpp counts only with xmpp.component" },
	{ .name = "routing.fallback", .kind = CONFIG_SIP_URI,
	  AT(routing.fallback), .example = "\"sip:smsc.example.net\"",
	  .text = "Where numbers without IM go; not set: 404" },
	{ .name = "routing.numbers", .kind = CONFIG_MAP, .flags = CONFIG_LIST,
	  MANY(routing.numbers, routing.number_count), .map = &number_map,
	  .initial = "[]",
	  .text = "Numbers that go to an im: URI without asking ENUM" },
	{ .name = "routing.final_class",
	  CHOICE(routing.final_4xx, "rfc", "4xx"), .initial = "rfc",
	  .text = "With 4xx every final response of class 6xx becomes its 4xx "
		  "twin, so that an SMS fallback is still tried" },
	{ .name = "routing.service_unavailable",
	  CHOICE(routing.strict, "480", "403"), .initial = "480",
	  .text = "What the XMPP error service-unavailable becomes" },
	{ .name = "routing.number_uri",
	  CHOICE(routing.numbers_as_sip, "tel", "sip"), .initial = "tel",
	  .text = "How a number is written to routing.fallback and "
		  "replies.next_hop: as tel:, or as sip: with user=phone at "
		  "that host" },
	{ .name = "routing.ruri_host",
	  CHOICE(routing.ruri_host_is_target, "domain", "target"),
	  .initial = "target",
	  .text = "Host of the Request-URI to a SIP domain: the SRV target, "
		  "as RFC 5509 has it, or the domain itself" },
	{ .name = "routing.private_targets",
	  CHOICE(routing.private_targets, "auto", "allow", "refuse"),
	  .initial = "auto",
	  .text = "Whether names from DNS may lead to loopback and private "
		  "addresses; auto: only where we listen on such ourselves" },
	{ .name = "routing.relays", .kind = CONFIG_INTEGER,
	  AT(routing.relays_max), .min = 1, .max = 1000000, .initial = "10000",
	  .text = "Messages on their way at once; above it 503 before any "
		  "work" },
	{ .name = "routing.pause_max", .kind = CONFIG_DURATION,
	  AT(routing.pause_max_ms), .max = 24 * HOUR, .initial = "10m",
	  .text = "How long a next hop that answers 503 with Retry-After is "
		  "left alone at most; 0s: it is tried again at once" },
	{ .name = "routing.drop_expired",
	  CHOICE(routing.drop_expired, "false", "true"), .initial = "true",
	  .text = "Whether an expired message is refused with 480" },
	{ .name = "routing.redirects",
	  CHOICE(routing.redirects, "off", "on"), .initial = "off",
	  .text = "With on the XMPP errors gone and redirect become 301 and "
		  "302 when they name a new address" },

	{ .name = "limits.per_peer", .kind = CONFIG_RATE, AT(limits.per_peer),
	  .zero = "off", .initial = "off",
	  .text = "Messages of each neighbour that is trusted" },
	{ .name = "limits.per_admitted_peer", .kind = CONFIG_RATE,
	  AT(limits.per_admitted_peer), .zero = "off", .initial = "20/s",
	  .text = "Messages of each neighbour that is only admitted" },
	{ .name = "limits.per_sender", .kind = CONFIG_RATE,
	  AT(limits.per_sender), .zero = "off", .initial = "off",
	  .text = "Messages of each sender" },
	{ .name = "limits.per_recipient", .kind = CONFIG_RATE,
	  AT(limits.per_recipient), .zero = "off", .initial = "off",
	  .text = "Messages to each recipient" },
	{ .name = "limits.loop_count", .kind = CONFIG_INTEGER,
	  AT(limits.loop_count), .max = 1000, .zero = "off", .initial = "off",
	  .text = "The same text between the same two this often within "
		  "limits.loop_window is a loop between gateways" },
	{ .name = "limits.loop_window", .kind = CONFIG_DURATION,
	  AT(limits.loop_window_ms), .min = SECOND, .max = HOUR,
	  .initial = "10s",
	  .text = "See limits.loop_count" },
	{ .name = "limits.repeat_window", .kind = CONFIG_DURATION,
	  AT(limits.repeat_window_ms), .max = 24 * HOUR, .initial = "10m",
	  .text = "A message that an XMPP client sends again within this time "
		  "is not delivered twice; 0s: it is" },

	{ .name = "xmpp.domain", .kind = CONFIG_DOMAIN, AT(xmpp.domain),
	  .example = "gw.example.net",
	  .text = "Our domain; numbers are +E164@this" },
	{ .name = "xmpp.type", CHOICE(xmpp.type_chat, "normal", "chat"),
	  .initial = "normal",
	  .text = "Type of the messages that we send" },
	{ .name = "xmpp.error_wait", .kind = CONFIG_DURATION,
	  AT(xmpp.error_wait_ms), .max = 3400, .initial = "250ms",
	  .text = "An XMPP error this early becomes the SIP final; 0s: answer "
		  "202 at once" },
	{ .name = "xmpp.queue", .kind = CONFIG_INTEGER, AT(xmpp.queue_max),
	  .min = 1, .max = 1000000, .initial = "10000",
	  .text = "Stanzas that wait to be written to the component link; "
		  "above it temporary failure" },
	{ .name = "xmpp.reports", .kind = CONFIG_INTEGER,
	  AT(xmpp.reports_max), .max = 10000000, .initial = "100000",
	  .text = "Messages at once whose delivery or display somebody wants "
		  "to hear of, about 500 octets each; 0: nobody hears" },
	{ .name = "xmpp.report_age", .kind = CONFIG_DURATION,
	  AT(xmpp.report_age_ms), .min = 60 * SECOND,
	  .max = 720 * (int64_t)HOUR, .initial = "72h",
	  .text = "How late such a report may come" },
	{ .name = "xmpp.component.connect", .kind = CONFIG_ADDRESS,
	  AT(xmpp.connect), .port = 5347, .example = "\"127.0.0.1:5347\"",
	  .text = "The XMPP server's component port, on loopback: the link is "
		  "plain text" },
	{ .name = "xmpp.component.secret_file", .kind = CONFIG_SECRET,
	  AT(xmpp.secret), .example = "secrets/component",
	  .text = "File with the component's secret, readable by its owner "
		  "only" },
	{ .name = "xmpp.federation", .kind = CONFIG_ABSENT,
	  .text = "use xmpp.component and an XMPP server that federates" },

	{ .name = "replies.next_hop", .kind = CONFIG_SIP_URI,
	  AT(replies.next_hop), .example = "\"sip:192.0.2.5:5060\"",
	  .text = "Where messages from XMPP to numbers go; not set: refused" },
	{ .name = "replies.from", CHOICE(replies.from, "jid", "number"),
	  .initial = "jid",
	  .text = "Sender shown on SIP: sip: and the JID, or the number that "
		  "the recipient wrote to last, while replies.binding_age has "
		  "not passed" },
	{ .name = "replies.sip_addresses",
	  CHOICE(replies.sip_addresses, "false", "true"), .initial = "false",
	  .text = "XMPP users may write to senders without a number too, at "
		  "the address that they were shown, user\\40host@xmpp.domain; "
		  "replies.next_hop gets it as a sip: URI" },
	{ .name = "replies.binding_age", .kind = CONFIG_DURATION,
	  AT(replies.binding_age_ms), .max = 720 * (int64_t)HOUR,
	  .initial = "72h",
	  .text = "How long it is remembered who wrote to whom: for "
		  "replies.from, for Call-IDs, and so that a number may "
		  "answer at the sip: address of a JID that wrote to it" },
	{ .name = "replies.auth.user", .kind = CONFIG_STRING,
	  AT(replies.auth.user), .example = "imgw",
	  .text = "User name for a next hop that asks us to authenticate "
		  "ourselves by digest" },
	{ .name = "replies.auth.password_file", .kind = CONFIG_SECRET,
	  AT(replies.auth.password), .example = "secrets/replies",
	  .text = "File with the password, readable by its owner only" },
	{ .name = "replies.auth.realm", .kind = CONFIG_STRING,
	  AT(replies.auth.realm), .example = "example.net",
	  .text = "The one realm that is told who we are; not set: any" },

	{ .name = "queue.store", .kind = CONFIG_STORE, AT(queue.store),
	  .initial = "\"sqlite:/var/lib/imgw/queue.db\"",
	  .text = "Where messages are safe before their senders hear 202: "
		  "sqlite: and a file for one gateway, postgresql: and a URL "
		  "for several; off: nowhere, and 202 promises nothing" },
	{ .name = "queue.hold", .kind = CONFIG_CHOICE,
	  .flags = CONFIG_LIST,
	  MANY(queue.hold, queue.hold_count), .size = sizeof(enum protocol),
	  .words = WORDS("sip", "xmpp"), .initial = "[xmpp]",
	  .text = "Next hops whose temporary failures are not the sender's "
		  "answer: the message waits and is tried again" },
	{ .name = "queue.retry", .kind = CONFIG_DURATION,
	  .flags = CONFIG_LIST | CONFIG_NOT_EMPTY,
	  MANY(queue.retry_ms, queue.retry_count), .min = 100,
	  .max = 168 * HOUR, .initial = "[5s, 30s, 2m, 10m, 1h]",
	  .text = "Pauses between tries; the last one repeats" },
	{ .name = "queue.expire", .kind = CONFIG_DURATION, AT(queue.expire_ms),
	  .min = SECOND, .max = 720 * (int64_t)HOUR, .initial = "24h",
	  .text = "How long a message waits at most; one with Expires waits "
		  "no longer than that" },
	{ .name = "queue.failure_text",
	  CHOICE(queue.failure_text, "off", "on"),
	  .initial = "off",
	  .text = "Senders of SIP who cannot ask for reports are told by a "
		  "message, through replies.next_hop, that theirs failed after "
		  "its 202" },
	{ .name = "queue.max", .kind = CONFIG_INTEGER, AT(queue.max),
	  .min = 1, .max = 1000000000, .initial = "1000000",
	  .text = "Messages that may wait; while there are more, new ones get "
		  "500 with Retry-After" },
	{ .name = "queue.lease", .kind = CONFIG_DURATION, AT(queue.lease_ms),
	  .min = 2 * SECOND, .max = HOUR, .initial = "15s",
	  .text = "A gateway that is silent in the database for so long is "
		  "dead, and its messages are the others'" },

	{ .name = "log.target", CHOICE(log.target, "auto", "stderr", "journal"),
	  .initial = "auto",
	  .text = "auto: the journal when systemd has tied stderr to it, else "
		  "stderr" },
	{ .name = "log.format", CHOICE(log.format, "auto", "text", "json"),
	  .initial = "auto",
	  .text = "Of lines on stderr; auto: text" },
	{ .name = "log.level",
	  CHOICE(log.level, "error", "warning", "info", "debug"),
	  .initial = "info",
	  .text = "Least important events written" },
	{ .name = "log.mask_numbers", CHOICE(log.mask_numbers, "false", "true"),
	  .initial = "false",
	  .text = "Write +1202555xxxx in place of whole numbers" },

	{ .name = "admin.listen", .kind = CONFIG_ADDRESS, .flags = CONFIG_LATER,
	  AT(admin.listen), .port = 9109, .initial = "\"127.0.0.1:9109\"",
	  .text = "HTTP server" },
	{ .name = "admin.socket", .kind = CONFIG_PATH, AT(admin.socket),
	  .initial = "/run/imgw/imgw.sock",
	  .text = "Unix socket of the commands that talk to a running gateway; "
		  "who may write to it may change the queue" },
	{ .name = "admin.token_file", .kind = CONFIG_PATH,
	  .flags = CONFIG_LATER, AT(admin.token_file),
	  .example = "secrets/admin",
	  .text = "File with the token that allows changes" },
};

static_assert(COUNT(rows) <= CONFIG_ROWS_MAX, "a bit for each option");

const struct config_table config_table = { rows, COUNT(rows),
					   sizeof(struct config) };
