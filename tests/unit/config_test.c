#define _POSIX_C_SOURCE 200809L /* open_memstream, mkdtemp */

#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "gateway/config.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The one option that must be set. */
#define LISTEN "sip: {listen: [udp:127.0.0.2:5060]}\n"

/* What was said about the last file; room for all that any case says. */
static char said[16384];

static enum gateway_status read_yaml(const char *file, const char *yaml,
				     struct config **config_out)
{
	FILE *errors = fmemopen(said, sizeof said, "w");
	enum gateway_status status;

	assert_non_null(errors);
	memset(said, 0, sizeof said);
	status = config_read_text(file, span_of(yaml), errors, config_out);
	fclose(errors);
	return status;
}

static struct config *read_good(const char *yaml)
{
	struct config *config;
	enum gateway_status status = read_yaml("t.yaml", yaml, &config);

	assert_string_equal(said, "");
	assert_int_equal(status, GATEWAY_OK);
	return config;
}

static void assert_bad(const char *yaml, const char *expected)
{
	struct config *config;

	assert_int_equal(read_yaml("t.yaml", yaml, &config),
			 GATEWAY_BAD_CONFIG);
	assert_null(config);
	assert_string_equal(said, expected);
}

static unsigned count(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

/* what is refused, with its place */

static const struct {
	const char *yaml, *said;
} bad[] = {
	/* keys */
	{ LISTEN "limit: 1\n", "t.yaml:2:1: error: no such option \"limit\"\n"
			       "limit: 1\n"
			       "^~~~~\n"
			       "  did you mean \"limits\"?\n" },
	{ LISTEN "dns:\n  no_such_thing: 1\n",
	  "t.yaml:3:3: error: no such option \"no_such_thing\" in dns\n"
	  "  no_such_thing: 1\n"
	  "  ^~~~~~~~~~~~~\n"
	  "  imgw.yaml(5) lists all options\n" },
	{ LISTEN "enum: [{apex: e164.arpa, macth: [\"+\"]}]\n",
	  "t.yaml:2:26: error: no such option \"macth\"\n"
	  "enum: [{apex: e164.arpa, macth: [\"+\"]}]\n"
	  "                         ^~~~~\n"
	  "  did you mean \"match\"?\n" },
	{ LISTEN "node: a\nnode: b\n",
	  "t.yaml:3:1: error: node is given twice\n"
	  "node: b\n"
	  "^~~~\n" },
	{ LISTEN "sip: {trust: []}\n", "t.yaml:2:1: error: sip is given twice\n"
				       "sip: {trust: []}\n"
				       "^~~\n" },
	{ LISTEN "? [a]\n: b\n", "t.yaml:2:4: error: a key must be plain text\n"
				 "? [a]\n"
				 "   ^\n" },
	/* what is missing */
	{ "", "t.yaml:1:1: error: sip.listen is missing\n"
	      "  for example: listen: [\"udp:127.0.0.1:5060\", "
	      "\"tcp:127.0.0.1:5060\"]\n" },
	{ "node: a\nsip:\n  trust: []\n",
	  "t.yaml:3:3: error: sip.listen is missing\n"
	  "  trust: []\n"
	  "  ^~~~~\n"
	  "  for example: listen: [\"udp:127.0.0.1:5060\", "
	  "\"tcp:127.0.0.1:5060\"]\n" },
	{ LISTEN "enum: [{name: a}]\n", "t.yaml:2:9: error: apex is missing\n"
					"enum: [{name: a}]\n"
					"        ^~~~\n"
					"  for example: apex: e164.arpa\n" },
	/* shapes */
	{ "- a\n", "t.yaml:1:3: error: not a list of options\n"
		   "- a\n"
		   "  ^\n"
		   "  write key: value lines\n" },
	{ LISTEN "dns: 3\n", "t.yaml:2:1: error: dns is a group of options\n"
			     "dns: 3\n"
			     "^~~\n"
			     "  write its options below it, indented\n" },
	{ LISTEN "enum: e164.arpa\n", "t.yaml:2:1: error: enum takes a list\n"
				      "enum: e164.arpa\n"
				      "^~~~\n"
				      "  write [a, b] or - a\n" },
	{ LISTEN "enum: []\n", "t.yaml:2:1: error: enum must not be empty\n"
			       "enum: []\n"
			       "^~~~\n" },
	{ LISTEN "enum: [e164.arpa]\n",
	  "t.yaml:2:8: error: each entry of enum is a map\n"
	  "enum: [e164.arpa]\n"
	  "       ^~~~~~~~~\n"
	  "  write {key: value, ...} or - key: value\n" },
	{ LISTEN "dns: {tries: [2]}\n",
	  "t.yaml:2:7: error: dns.tries takes one value (number)\n"
	  "dns: {tries: [2]}\n"
	  "      ^~~~~\n"
	  "  write decimal digits only\n" },
	{ LISTEN "node: &a x\nreplies: {next_hop: *a}\n",
	  "t.yaml:3:11: error: replies.next_hop takes one value (sip: URI)\n"
	  "replies: {next_hop: *a}\n"
	  "          ^~~~~~~~\n"
	  "  write a URI such as \"sip:192.0.2.5:5060\"\n" },
	/* values */
	{ "sip:\n  listen: [\"udp:127.0.0.2:99999\"]\n",
	  "t.yaml:2:13: error: \"99999\" is not a port (1-65535)\n"
	  "  listen: [\"udp:127.0.0.2:99999\"]\n"
	  "            ^~~~~~~~~~~~~~~~~~~\n"
	  "  write \"udp:192.0.2.10:5060\" or \"tcp:[2001:db8::1]:5060\"\n" },
	{ "sip: {listen: [sctp:127.0.0.2:5060]}\n",
	  "t.yaml:1:16: error: \"sctp:127.0.0.2:5060\" does not begin with "
	  "udp:, tcp: or tls:\n"
	  "sip: {listen: [sctp:127.0.0.2:5060]}\n"
	  "               ^~~~~~~~~~~~~~~~~~~\n"
	  "  write \"udp:192.0.2.10:5060\" or \"tcp:[2001:db8::1]:5060\"\n" },
	{ LISTEN "dns: {resolvers: [ns.example.net]}\n",
	  "t.yaml:2:19: error: \"ns.example.net\" does not begin with an IP "
	  "address\n"
	  "dns: {resolvers: [ns.example.net]}\n"
	  "                  ^~~~~~~~~~~~~~\n"
	  "  write \"127.0.0.1:53\" or \"[::1]:53\"\n" },
	{ LISTEN "dns: {dnssec: perhaps}\n",
	  "t.yaml:2:15: error: \"perhaps\" is none of off, prefer, require\n"
	  "dns: {dnssec: perhaps}\n"
	  "              ^~~~~~~\n" },
	{ LISTEN "log: {mask_numbers: yes}\n",
	  "t.yaml:2:21: error: \"yes\" is none of false, true\n"
	  "log: {mask_numbers: yes}\n"
	  "                    ^~~\n" },
	{ LISTEN "dns: {tries: 0}\n",
	  "t.yaml:2:14: error: 0 is out of range (1 to 10)\n"
	  "dns: {tries: 0}\n"
	  "             ^\n"
	  "  write decimal digits only\n" },
	{ LISTEN "xmpp: {error_wait: 3500ms}\n",
	  "t.yaml:2:20: error: 3500ms is out of range (0s to 3400ms)\n"
	  "xmpp: {error_wait: 3500ms}\n"
	  "                   ^~~~~~\n"
	  "  write a number and ms, s, m, h or d: 500ms, 2s\n" },
	{ LISTEN "limits: {per_peer: fast}\n",
	  "t.yaml:2:20: error: \"fast\" is not a rate\n"
	  "limits: {per_peer: fast}\n"
	  "                   ^~~~\n"
	  "  write 20/s (a second), 30/m (a minute) or off\n" },
	{ LISTEN "routing: {fallback: \"tel:+1202\"}\n",
	  "t.yaml:2:22: error: \"tel:+1202\" is not a sip: URI\n"
	  "routing: {fallback: \"tel:+1202\"}\n"
	  "                     ^~~~~~~~~\n"
	  "  write a URI such as \"sip:192.0.2.5:5060\"\n" },
	{ LISTEN "routing:\n  numbers:\n    - match: 1202\n"
		 "      to: im:a@im.example\n",
	  "t.yaml:4:14: error: \"1202\" is not the beginning of a number\n"
	  "    - match: 1202\n"
	  "             ^~~~\n"
	  "  write + and digits, in quotes: \"+1202555\"\n" },
	{ LISTEN "routing: {numbers: [{match: \"+1\", to: a@im.example}]}\n",
	  "t.yaml:2:39: error: \"a@im.example\" is not an im: URI\n"
	  "routing: {numbers: [{match: \"+1\", to: a@im.example}]}\n"
	  "                                      ^~~~~~~~~~~~\n"
	  "  write a URI such as \"im:desk@im.example\"\n" },
	{ LISTEN "xmpp: {domain: -a-}\n",
	  "t.yaml:2:16: error: \"-a-\" is not a domain\n"
	  "xmpp: {domain: -a-}\n"
	  "               ^~~\n"
	  "  write a domain such as gw.example.net\n" },
	{ LISTEN "node: \"a\\nb\"\n",
	  "t.yaml:2:8: error: \"a?b\" is not one line of text\n"
	  "node: \"a\\nb\"\n"
	  "       ^~~~\n" },
	{ LISTEN "admin: {socket: ''}\n",
	  "t.yaml:2:18: error: \"\" is not a path\n"
	  "admin: {socket: ''}\n"
	  "                 ^\n" },
	/* columns are characters, tabs stay tabs */
	{ LISTEN "log: {\"level\":\t\"\xc3\xa4\"}\n",
	  "t.yaml:2:17: error: \"\xc3\xa4\" is none of error, warning, info, "
	  "debug\n"
	  "log: {\"level\":\t\"\xc3\xa4\"}\n"
	  "              \t ^\n" },
	/* what this version cannot do */
	{ LISTEN "workers: 2\n",
	  "t.yaml:2:10: error: several workers are not in this version\n"
	  "workers: 2\n"
	  "         ^\n"
	  "  write 1 or auto\n" },
	{ LISTEN "xmpp: {federation: {listen: [127.0.0.2:5269]}}\n",
	  "t.yaml:2:8: error: xmpp.federation is not in this version\n"
	  "xmpp: {federation: {listen: [127.0.0.2:5269]}}\n"
	  "       ^~~~~~~~~~\n"
	  "  use xmpp.component and an XMPP server that federates\n" },
	{ LISTEN "routing: {fallback: \"sips:smsc.example.net\"}\n",
	  "t.yaml:2:22: error: sip.listen has nothing to send over TLS "
	  "from\n"
	  "routing: {fallback: \"sips:smsc.example.net\"}\n"
	  "                     ^~~~~~~~~~~~~~~~~~~~~\n"
	  "  add a tls: listener to sip.listen\n" },
	{ "sip: {listen: [tls:127.0.0.2:5061]}\n",
	  "t.yaml:1:16: error: a tls: listener needs a certificate\n"
	  "sip: {listen: [tls:127.0.0.2:5061]}\n"
	  "               ^~~~~~~~~~~~~~~~~~\n"
	  "  add sip.tls.cert_file\n" },
	{ "sip: {listen: [udp:127.0.0.2:5060], tls: {cert_file: a}}\n",
	  "t.yaml:1:43: error: a certificate needs its key\n"
	  "sip: {listen: [udp:127.0.0.2:5060], tls: {cert_file: a}}\n"
	  "                                          ^~~~~~~~~\n"
	  "  add sip.tls.key_file\n" },
	{ "sip: {listen: [udp:127.0.0.2:5060], tls: {key_file: a}}\n",
	  "t.yaml:1:53: error: a key needs its certificate\n"
	  "sip: {listen: [udp:127.0.0.2:5060], tls: {key_file: a}}\n"
	  "                                                    ^\n"
	  "  add sip.tls.cert_file\n" },
	{ LISTEN "routing: {fallback: \"sip:a.example;transport=tls\"}\n",
	  "t.yaml:2:22: error: sip.listen has nothing of this transport to "
	  "send from\n"
	  "routing: {fallback: \"sip:a.example;transport=tls\"}\n"
	  "                     ^~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
	  "  add a listener to sip.listen\n" },
	/* values that do not go together */
	{ "sip: {listen: [udp:127.0.0.2:5060], deadline: 4s}\n",
	  "t.yaml:1:7: error: sip.attempt_timeout is not shorter than "
	  "sip.deadline\n"
	  "sip: {listen: [udp:127.0.0.2:5060], deadline: 4s}\n"
	  "      ^~~~~~\n"
	  "  sip.deadline bounds the whole message\n" },
	{ "sip: {listen: [udp:127.0.0.2:5060], connect_timeout: 25s}\n",
	  "t.yaml:1:54: error: sip.connect_timeout is not shorter than "
	  "sip.deadline\n"
	  "sip: {listen: [udp:127.0.0.2:5060], connect_timeout: 25s}\n"
	  "                                                     ^~~\n"
	  "  sip.deadline bounds the whole message\n" },
	{ LISTEN "xmpp: {component: {connect: \"127.0.0.31:5347\"}}\n",
	  "t.yaml:2:30: error: xmpp.component needs xmpp.domain\n"
	  "xmpp: {component: {connect: \"127.0.0.31:5347\"}}\n"
	  "                             ^~~~~~~~~~~~~~~\n"
	  "  add xmpp.domain, the name of the component\n"
	  "t.yaml:2:30: error: xmpp.component needs a secret_file\n"
	  "xmpp: {component: {connect: \"127.0.0.31:5347\"}}\n"
	  "                             ^~~~~~~~~~~~~~~\n"
	  "  add secret_file beside it\n" },
	{ LISTEN "routing: {prefer: [sip, sip]}\n",
	  "t.yaml:2:20: error: a protocol is named twice\n"
	  "routing: {prefer: [sip, sip]}\n"
	  "                   ^~~\n" },
	{ LISTEN "routing: {prefer: [xmpp, sip, xmpp]}\n",
	  "t.yaml:2:20: error: more protocols than there are\n"
	  "routing: {prefer: [xmpp, sip, xmpp]}\n"
	  "                   ^~~~\n" },
	{ LISTEN "routing: {prefer: [xmpp]}\n",
	  "t.yaml:2:20: error: xmpp alone, and there is no way to XMPP\n"
	  "routing: {prefer: [xmpp]}\n"
	  "                   ^~~~\n"
	  "  add xmpp.component\n" },
	{ LISTEN "replies: {next_hop: \"sip:192.0.2.5;transport=tcp\"}\n",
	  "t.yaml:2:22: error: sip.listen has nothing of this transport to "
	  "send from\n"
	  "replies: {next_hop: \"sip:192.0.2.5;transport=tcp\"}\n"
	  "                     ^~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
	  "  add a listener to sip.listen\n" },
	{ LISTEN "enum: [{apex: a.example}, {apex: a.example}]\n",
	  "t.yaml:2:9: error: two trees are called a.example\n"
	  "enum: [{apex: a.example}, {apex: a.example}]\n"
	  "        ^~~~\n"
	  "  give each entry a name of its own\n" },
	{ LISTEN "routing: {numbers: [{match: +, to: \"im:a@im.example\"}]}\n",
	  "t.yaml:2:22: error: an entry matches every number\n"
	  "routing: {numbers: [{match: +, to: \"im:a@im.example\"}]}\n"
	  "                     ^~~~~\n"
	  "  write at least one digit behind the +\n" },
	/* not YAML, not text */
	{ "sip: [\n", "t.yaml:2:1: error: flow sequence without a closing "
		      "bracket\n" },
	{ LISTEN "---\nnode: b\n",
	  "t.yaml:3:1: error: a second document begins here\n"
	  "node: b\n"
	  "^~~~\n" },
	{ LISTEN "node: \xff\n",
	  "t.yaml:2:1: error: the line is not UTF-8 text\n"
	  "node: \xff\n"
	  "^\n" },
	{ "%YAML 3.0\n---\n" LISTEN, "t.yaml:1:1: error: not YAML 1.2\n"
				     "%YAML 3.0\n"
				     "^\n" },
};

static void a_mistake_is_told_with_place_caret_and_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_bad(bad[i].yaml, bad[i].said);
}

static void several_mistakes_are_told_in_one_go(void **state)
{
	struct config *config;

	(void)state;
	assert_int_equal(read_yaml("t.yaml",
				   "sip: {listen: [x], deadline: never}\n"
				   "nod: 1\nworkers: 9\ndns: {tries: 99}\n",
				   &config),
			 GATEWAY_BAD_CONFIG);
	assert_int_equal(count(said, ": error: "), 5);
}

static void a_flood_of_mistakes_is_cut(void **state)
{
	char yaml[4096];
	struct config *config;
	struct text text;

	(void)state;
	text_init(&text, yaml, sizeof yaml);
	for (int i = 0; i < 100; i++)
		text_addf(&text, "a%d: 1\n", i);
	assert_int_equal(read_yaml("t.yaml", yaml, &config),
			 GATEWAY_BAD_CONFIG);
	assert_int_equal(count(said, ": error: "), 20);
}

static void a_nul_is_refused_at_its_line(void **state)
{
	static const char yaml[] = LISTEN "node: a\0b\n";
	FILE *errors = fmemopen(said, sizeof said, "w");
	struct config *config;

	(void)state;
	assert_int_equal(
		config_read_text("t.yaml",
				 (struct span){ yaml, sizeof yaml - 1 }, errors,
				 &config),
		GATEWAY_BAD_CONFIG);
	fclose(errors);
	assert_int_equal(strncmp(said, "t.yaml:2:1: error: ", 19), 0);
}

/* what is accepted */

static void each_option_has_the_default_of_the_table(void **state)
{
	struct config *c = read_good(LISTEN);

	(void)state;
	assert_string_equal(c->file, "t.yaml");
	assert_string_equal(c->node, "imgw");
	assert_int_equal(c->workers, 1);
	assert_int_equal(c->sip.listen_count, 1);
	assert_int_equal(c->sip.domain_count, 0);
	assert_int_equal(c->sip.trust_count, 0);
	assert_int_equal(c->sip.admit_count, 0);
	assert_int_equal(c->sip.attempt_timeout_ms, 4000);
	assert_int_equal(c->sip.connect_timeout_ms, 3000);
	assert_int_equal(c->sip.deadline_ms, 25000);
	assert_int_equal(c->sip.transactions_max, 1000000);
	assert_null(c->sip.tls.cert_file);
	assert_true(c->sip.tls.verify);
	assert_int_equal(c->dns.resolver_count, 0);
	assert_int_equal(c->dns.dnssec, CONFIG_DNSSEC_PREFER);
	assert_int_equal(c->dns.timeout_ms, 2000);
	assert_int_equal(c->dns.tries, 2);
	assert_int_equal(c->dns.cache_entries, 10000);
	assert_int_equal(c->dns.in_flight, 1000);
	assert_int_equal(c->enum_count, 1);
	assert_string_equal(c->enums[0].name, "public");
	assert_string_equal(c->enums[0].apex, "e164.arpa");
	assert_int_equal(c->enums[0].match_count, 1);
	assert_string_equal(c->enums[0].match[0], "+");
	assert_int_equal(c->enums[0].service_count, 1);
	assert_int_equal(c->enums[0].services[0], CONFIG_SERVICE_IM);
	assert_int_equal(c->enums[0].resolver_count, 0);
	assert_int_equal(c->enums[0].dnssec, CONFIG_DNSSEC_INHERIT);
	assert_int_equal(c->routing.prefer_count, 2);
	assert_int_equal(c->routing.prefer[0], PROTOCOL_SIP);
	assert_int_equal(c->routing.prefer[1], PROTOCOL_XMPP);
	assert_null(c->routing.fallback);
	assert_int_equal(c->routing.number_count, 0);
	assert_false(c->routing.final_4xx);
	assert_false(c->routing.strict);
	assert_true(c->routing.ruri_host_is_target);
	assert_int_equal(c->routing.private_targets, CONFIG_PRIVATE_AUTO);
	assert_int_equal(c->routing.relays_max, 10000);
	assert_true(c->routing.drop_expired);
	assert_int_equal(c->routing.pause_max_ms, 600000);
	assert_int_equal(c->sip.auth.nonce_life_ms, 300000);
	assert_int_equal(c->sip.auth.require_count, 0);
	assert_null(c->replies.auth.user);
	assert_true(c->limits.per_peer <= 0);
	assert_true(c->limits.per_admitted_peer >= 20 &&
		    c->limits.per_admitted_peer <= 20);
	assert_true(c->limits.per_sender <= 0);
	assert_true(c->limits.per_recipient <= 0);
	assert_int_equal(c->limits.loop_count, 0);
	assert_int_equal(c->limits.loop_window_ms, 10000);
	assert_null(c->xmpp.domain);
	assert_false(c->xmpp.type_chat);
	assert_int_equal(c->xmpp.error_wait_ms, 250);
	assert_int_equal(c->xmpp.queue_max, 10000);
	assert_int_equal(c->xmpp.connect.port, 0);
	assert_null(c->xmpp.secret);
	assert_null(c->replies.next_hop);
	assert_int_equal(c->replies.from, CONFIG_REPLY_FROM_JID);
	assert_string_equal(c->queue.store, "sqlite:/var/lib/imgw/queue.db");
	assert_int_equal(c->queue.retry_count, 5);
	assert_int_equal(c->queue.retry_ms[4], 3600000);
	assert_int_equal(c->queue.expire_ms, 86400000);
	assert_int_equal(c->log.target, LOG_TARGET_AUTO);
	assert_int_equal(c->log.format, LOG_FORMAT_AUTO);
	assert_int_equal(c->log.level, LOG_LEVEL_INFO);
	assert_false(c->log.mask_numbers);
	assert_string_equal(c->admin.listen.address, "127.0.0.1");
	assert_int_equal(c->admin.listen.port, 9109);
	assert_string_equal(c->admin.socket, "/run/imgw/imgw.sock");
	assert_null(c->admin.token_file);
	assert_int_equal(c->later_count, 0);
	config_destroy(&c);
	assert_null(c);
}

static void a_full_file_is_read(void **state)
{
	struct config *c = read_good(
		"node: gw1\n"
		"workers: auto\n"
		"sip:\n"
		"  listen: [\"UDP:127.0.0.2:5060\", \"tcp:[::1]\"]\n"
		"  domains: [GW.example.net, b\xc3\xbc"
		"cher.example, gateway]\n"
		"  trust: [127.0.0.11/32, \"2001:db8::/64\"]\n"
		"  admit: [198.51.100.7]\n"
		"  deadline: 20s\n"
		"dns: {resolvers: [127.0.0.1, \"[::1]:5353\"], dnssec: require,"
		" cache: 0}\n"
		"enum:\n"
		"  - {apex: e164.carrier.example, match: [\"+1\", \"+44\"],\n"
		"     resolvers: [\"10.20.0.5:6363\"], dnssec: off}\n"
		"  - {name: public, apex: e164.arpa, services: [im]}\n"
		"routing:\n"
		"  prefer: [sip]\n"
		"  fallback: \"sip:127.0.0.21:5060;transport=udp\"\n"
		"  numbers: [{match: \"+1202555\", to: \"im:d@im.example\"}]\n"
		"  final_class: 4xx\n"
		"  service_unavailable: 403\n"
		"  ruri_host: domain\n"
		"limits: {per_sender: 20/s, per_recipient: 30/m,"
		" loop_count: off}\n"
		"xmpp: {domain: gw.example.net, type: chat, error_wait: 0}\n"
		"replies: {next_hop: , from: jid}\n"
		"log: {level: debug, format: json, mask_numbers: true}\n");

	(void)state;
	assert_int_equal(c->workers, 0);
	assert_int_equal(c->sip.listen[0].transport, TRANSPORT_UDP);
	assert_int_equal(c->sip.listen[1].transport, TRANSPORT_TCP);
	assert_string_equal(c->sip.listen[1].address, "::1");
	assert_int_equal(c->sip.listen[1].port, 5060);
	assert_string_equal(c->sip.domains[0], "gw.example.net");
	assert_string_equal(c->sip.domains[1], "xn--bcher-kva.example");
	assert_string_equal(c->sip.domains[2], "gateway");
	assert_int_equal(c->sip.trust[0].prefix, 128);
	assert_int_equal(c->sip.trust[1].prefix, 64);
	assert_int_equal(c->sip.admit_count, 1);
	assert_int_equal(c->dns.resolvers[0].port, 53);
	assert_string_equal(c->dns.resolvers[1].address, "::1");
	assert_int_equal(c->dns.resolvers[1].port, 5353);
	assert_int_equal(c->dns.cache_entries, 0);
	assert_string_equal(c->enums[0].name, "e164.carrier.example");
	assert_string_equal(c->enums[0].match[1], "+44");
	assert_int_equal(c->enums[0].resolvers[0].port, 6363);
	assert_int_equal(c->enums[0].dnssec, CONFIG_DNSSEC_OFF);
	assert_int_equal(c->routing.prefer_count, 1);
	assert_string_equal(c->routing.fallback,
			    "sip:127.0.0.21:5060;transport=udp");
	assert_string_equal(c->routing.numbers[0].match, "+1202555");
	assert_string_equal(c->routing.numbers[0].to, "im:d@im.example");
	assert_true(c->routing.final_4xx && c->routing.strict);
	assert_false(c->routing.ruri_host_is_target);
	assert_true(c->limits.per_recipient > 0.49 &&
		    c->limits.per_recipient < 0.51);
	assert_int_equal(c->limits.loop_count, 0);
	assert_true(c->xmpp.type_chat);
	assert_int_equal(c->xmpp.error_wait_ms, 0);
	assert_null(c->replies.next_hop);
	assert_int_equal(c->log.format, LOG_FORMAT_JSON);
	config_destroy(&c);
}

static const struct {
	const char *text;
	int64_t ms; /* -1: refused */
} durations[] = {
	{ "100ms", 100 },  { "2s", 2000 },	 { "0s", -1 },
	{ "20s", 20000 },  { "0.5s", -1 },	 { "1m", -1 },
	{ "2", -1 },	   { "2 s", -1 },	 { "-2s", -1 },
	{ "1e3ms", -1 },   { "99ms", -1 },	 { "9999999999999s", -1 },
	{ "0002s", 2000 }, { "20000ms", 20000 },
};

static void a_duration_has_a_unit_and_a_range(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(durations); i++) {
		char yaml[128];
		struct config *config;
		struct text text;

		text_init(&text, yaml, sizeof yaml);
		text_addf(&text, LISTEN "dns: {timeout: %s}\n",
			  durations[i].text);
		read_yaml("t.yaml", yaml, &config);
		assert_int_equal(config ? config->dns.timeout_ms : -1,
				 durations[i].ms);
		config_destroy(&config);
	}
}

static void options_of_later_versions_are_accepted_and_named(void **state)
{
	static const char *const expected[] = { "admin.listen",
						"admin.token_file" };
	struct config *c =
		read_good(LISTEN "admin:\n  listen: \"127.0.0.1:9109\"\n"
				 "  token_file: t\n");
	char printed[1024] = "";
	FILE *out = fmemopen(printed, sizeof printed, "w");

	(void)state;
	assert_int_equal(c->later_count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_string_equal(c->later[i].option, expected[i]);
	config_print_warnings(c, out);
	fclose(out);
	assert_int_equal(count(printed, "\n"), COUNT(expected));
	assert_ptr_equal(strstr(printed,
				"t.yaml:3:3: warning: admin.listen is not in "
				"force in this version\n"),
			 printed);
	config_destroy(&c);
}

/* secrets */

struct folder {
	char path[64], file[96], secret[96];
};

static void folder_make(struct folder *folder)
{
	struct text text;

	text_init(&text, folder->path, sizeof folder->path);
	text_add(&text, "/tmp/imgw-config-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	text_init(&text, folder->file, sizeof folder->file);
	text_addf(&text, "%s/imgw.yaml", folder->path);
	text_init(&text, folder->secret, sizeof folder->secret);
	text_addf(&text, "%s/secret", folder->path);
}

static void folder_remove(const struct folder *folder)
{
	(void)unlink(folder->file);
	(void)unlink(folder->secret);
	(void)rmdir(folder->path);
}

static void write_file(const char *path, const char *content, size_t len,
		       mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(content, 1, len, file), len);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

#define COMPONENT                                      \
	LISTEN "xmpp: {domain: gw.example.net, "       \
	       "component: {connect: \"127.0.0.31\", " \
	       "secret_file: secret}}\n"

static const struct {
	const char *content;
	mode_t mode;
	const char *secret; /* NULL: refused */
} secrets[] = {
	{ "s3cret\n", 0600, "s3cret" },
	{ "s3cret", 0400, "s3cret" },
	{ "two words\r\n", 0600, "two words" },
	{ "s3cret\n", 0640, NULL },
	{ "s3cret\n", 0604, NULL },
	{ "s3cret\n", 0610, NULL },
	{ "", 0600, NULL },
	{ "\n", 0600, NULL },
	{ "a\nb\n", 0600, NULL },
};

static void sec_15_a_secret_is_one_line_that_only_its_owner_reads(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	for (size_t i = 0; i < COUNT(secrets); i++) {
		struct config *config;

		write_file(folder.secret, secrets[i].content,
			   strlen(secrets[i].content), secrets[i].mode);
		read_yaml(folder.file, COMPONENT, &config);
		assert_int_equal(config != NULL, secrets[i].secret != NULL);
		if (config)
			assert_string_equal(config->xmpp.secret,
					    secrets[i].secret);
		else
			assert_non_null(strstr(said, "cannot be used: "));
		assert_null(strstr(said, "s3cret"));
		config_destroy(&config);
		(void)unlink(folder.secret);
	}
	folder_remove(&folder);
}

static void sec_15_a_secret_file_must_be_a_file(void **state)
{
	struct folder folder;
	struct config *config;

	(void)state;
	folder_make(&folder);
	assert_int_equal(mkdir(folder.secret, 0700), 0);
	assert_int_equal(read_yaml(folder.file, COMPONENT, &config),
			 GATEWAY_BAD_CONFIG);
	assert_non_null(strstr(said, "not a regular file"));
	assert_int_equal(rmdir(folder.secret), 0);
	assert_int_equal(read_yaml(folder.file, COMPONENT, &config),
			 GATEWAY_BAD_CONFIG);
	assert_non_null(strstr(said, "No such file or directory"));
	folder_remove(&folder);
}

static void sec_8_sec_11_the_component_link_stays_on_loopback(void **state)
{
	struct folder folder;
	struct config *config;

	(void)state;
	folder_make(&folder);
	write_file(folder.secret, "s", 1, 0600);
	assert_int_equal(read_yaml(folder.file,
				   LISTEN
				   "xmpp: {domain: gw.example.net, component: "
				   "{connect: \"192.0.2.31:5347\", "
				   "secret_file: secret}}\n",
				   &config),
			 GATEWAY_BAD_CONFIG);
	assert_non_null(strstr(said, ":2:54: error: the component link is "
				     "plain text and must stay on loopback\n"));
	folder_remove(&folder);
}

static void paths_start_in_the_folder_of_the_file(void **state)
{
	struct config *config;

	(void)state;
	assert_int_equal(read_yaml("/etc/imgw/imgw.yaml",
				   LISTEN
				   "admin: {socket: run/a, token_file: /b}\n",
				   &config),
			 GATEWAY_OK);
	assert_string_equal(config->admin.socket, "/etc/imgw/run/a");
	assert_string_equal(config->admin.token_file, "/b");
	config_destroy(&config);
}

/* files */

static void a_file_is_read_and_a_missing_one_is_told(void **state)
{
	struct folder folder;
	struct config *config;
	FILE *errors = fmemopen(said, sizeof said, "w");

	(void)state;
	memset(said, 0, sizeof said);
	folder_make(&folder);
	assert_int_equal(config_read(folder.file, errors, &config),
			 GATEWAY_CANNOT_READ);
	assert_null(config);
	write_file(folder.file, LISTEN, strlen(LISTEN), 0644);
	assert_int_equal(config_read(folder.file, errors, &config), GATEWAY_OK);
	config_destroy(&config);
	assert_int_equal(config_read(folder.path, errors, &config),
			 GATEWAY_CANNOT_READ);
	fclose(errors);
	assert_int_equal(count(said, "error: cannot be read: "), 2);
	folder_remove(&folder);
}

static void a_file_of_more_than_a_mebibyte_is_refused(void **state)
{
	const size_t size = (1u << 20) + 1;
	char *content = malloc(size);
	struct folder folder;
	struct config *config;
	FILE *errors = fmemopen(said, sizeof said, "w");

	(void)state;
	assert_non_null(content);
	memset(content, '#', size);
	folder_make(&folder);
	write_file(folder.file, content, size, 0644);
	assert_int_equal(config_read(folder.file, errors, &config),
			 GATEWAY_CANNOT_READ);
	fclose(errors);
	free(content);
	folder_remove(&folder);
}

static void exercise(void)
{
	static const char yaml[] =
		"sip: {listen: [udp:127.0.0.2:5060], domains: [a.example],"
		" trust: [127.0.0.1]}\n"
		"enum: [{apex: e164.arpa, match: [\"+1\", \"+2\"]}]\n"
		"routing: {numbers: [{match: \"+1\", to: \"im:a@b.example\"}],"
		" fallback: \"sip:127.0.0.3\"}\n"
		"admin: {socket: x}\n";
	struct config *config;

	(void)read_yaml("t.yaml", yaml, &config);
	config_destroy(&config);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_mistake_is_told_with_place_caret_and_what_to_do),
		cmocka_unit_test(several_mistakes_are_told_in_one_go),
		cmocka_unit_test(a_flood_of_mistakes_is_cut),
		cmocka_unit_test(a_nul_is_refused_at_its_line),
		cmocka_unit_test(each_option_has_the_default_of_the_table),
		cmocka_unit_test(a_full_file_is_read),
		cmocka_unit_test(a_duration_has_a_unit_and_a_range),
		cmocka_unit_test(
			options_of_later_versions_are_accepted_and_named),
		cmocka_unit_test(
			sec_15_a_secret_is_one_line_that_only_its_owner_reads),
		cmocka_unit_test(sec_15_a_secret_file_must_be_a_file),
		cmocka_unit_test(
			sec_8_sec_11_the_component_link_stays_on_loopback),
		cmocka_unit_test(paths_start_in_the_folder_of_the_file),
		cmocka_unit_test(a_file_is_read_and_a_missing_one_is_told),
		cmocka_unit_test(a_file_of_more_than_a_mebibyte_is_refused),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
