#define _DEFAULT_SOURCE /* ares.h: struct timeval, fd_set */

#include "enum/dns_channel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "enum/text.h"

/* What we take over UDP (ENUM-35), and room for a burst of answers: without
 * it the kernel drops some when hundreds are in flight. */
#define EDNS_SIZE	    1232
#define PLAIN_SIZE	    512 /* without OPT */
#define RECEIVE_BUFFER_SIZE (1 << 20)

/* How often timeouts are looked for while questions are in flight. */
#define TICK_MS	  20

#define HEADER_TC 0x02 /* in octet 2 */
#define HEADER_AD 0x20 /* in octet 3 (RFC 6840, 5.7) */

struct channel_socket {
	LIST_ENTRY(channel_socket) link;
	struct loop_watch *watch;
	int fd;
};

struct dns_channel {
	struct loop *loop;
	enum dns_channel_kind kind;
	bool ask_ad;
	ares_channel ares;
	LIST_HEAD(, channel_socket) sockets;
	struct loop_timer *tick;
	size_t in_flight;
	size_t server_count;
	bool local;
	loop_timer_fn *idle;
	void *arg;
};

/* What c-ares carries for us. */
struct exchange {
	struct dns_channel *channel;
	dns_channel_fn *ended;
	void *arg;
};

/* --- sockets and time ------------------------------------------------- */

static void on_ready(int fd, unsigned events, void *arg)
{
	struct dns_channel *channel = arg;

	ares_process_fd(channel->ares,
			events & LOOP_READ ? fd : ARES_SOCKET_BAD,
			events & LOOP_WRITE ? fd : ARES_SOCKET_BAD);
	channel->idle(channel->arg);
}

static void on_tick(void *arg)
{
	struct dns_channel *channel = arg;

	ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	if (channel->in_flight)
		loop_timer_set(channel->tick, TICK_MS);
	channel->idle(channel->arg);
}

/* A socket without a watch, for want of memory, ends in a timeout. */
static void socket_watch(struct dns_channel *channel, int fd, unsigned events)
{
	struct channel_socket *s = malloc(sizeof *s);

	if (!s)
		return;
	s->fd = fd;
	if (loop_watch_create(channel->loop, fd, events, on_ready, channel,
			      &s->watch) != ENUM_OK) {
		free(s);
		return;
	}
	LIST_INSERT_HEAD(&channel->sockets, s, link);
}

static void socket_forget(struct channel_socket *s)
{
	LIST_REMOVE(s, link);
	loop_watch_destroy(&s->watch);
	free(s);
}

/* c-ares opens, uses, and is about to close (no events) a socket. */
static void on_socket_state(void *arg, ares_socket_t fd, int readable,
			    int writable)
{
	struct dns_channel *channel = arg;
	unsigned events =
		(readable ? LOOP_READ : 0) | (writable ? LOOP_WRITE : 0);
	struct channel_socket *s;

	LIST_FOREACH(s, &channel->sockets, link)
	if (s->fd == fd)
		break;
	if (!s && events)
		socket_watch(channel, fd, events);
	else if (s && events)
		loop_watch_set(s->watch, events);
	else if (s)
		socket_forget(s);
}

static int on_socket_open(ares_socket_t fd, int type, void *arg)
{
	static const int size = RECEIVE_BUFFER_SIZE;

	(void)arg;
	if (type == SOCK_DGRAM) /* less than asked for is no error */
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	return 0;
}

/* --- open and close --------------------------------------------------- */

static bool port_is_valid(struct span server)
{
	ptrdiff_t bracket = span_find(server, ']');
	unsigned long port;
	struct span host;

	if (bracket >= 0)
		server = span_skip(server, (size_t)bracket + 1);
	if (!span_cut(&server, ':', &host) || !server.at ||
	    span_find(server, ':') >= 0)
		return true; /* no port, or a bare IPv6 address */
	return span_number(server, 65535, &port) && port > 0;
}

/* c-ares would take port 70000 for 4464. */
static bool ports_are_valid(const char *servers)
{
	struct span rest = span_of(servers), server;

	while (span_cut(&rest, ',', &server))
		if (!port_is_valid(server))
			return false;
	return true;
}

static enum enum_status set_servers(struct dns_channel *channel,
				    const char *servers)
{
	int result;

	if (!servers || !*servers)
		return ENUM_OK; /* those of resolv.conf */
	if (!ports_are_valid(servers))
		return ENUM_BAD_SERVERS;
	result = ares_set_servers_ports_csv(channel->ares, servers);
	if (result == ARES_ENOMEM)
		return ENUM_NO_MEMORY;
	return result == ARES_SUCCESS ? ENUM_OK : ENUM_BAD_SERVERS;
}

static bool is_loopback(const struct ares_addr_port_node *server)
{
	if (server->family == AF_INET)
		return ntohl(server->addr.addr4.s_addr) >> 24 == 127;
	return memcmp(&server->addr.addr6, &in6addr_loopback,
		      sizeof in6addr_loopback) == 0;
}

static enum enum_status look_at_servers(struct dns_channel *channel)
{
	struct ares_addr_port_node *servers;

	if (ares_get_servers_ports(channel->ares, &servers) != ARES_SUCCESS)
		return ENUM_NO_MEMORY;
	channel->local = true;
	channel->server_count = 0;
	for (struct ares_addr_port_node *s = servers; s; s = s->next) {
		channel->server_count++;
		channel->local = channel->local && is_loopback(s);
	}
	ares_free_data(servers);
	return channel->server_count ? ENUM_OK : ENUM_BAD_SERVERS;
}

/* c-ares would repeat a truncated answer's question over TCP by itself, all of
 * them on one connection: a stuck one would delay others. */
static int base_flags(const struct dns_channel *channel)
{
	switch (channel->kind) {
	case DNS_CHANNEL_FIRST:
		return ARES_FLAG_EDNS | ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC;
	case DNS_CHANNEL_STREAM: return ARES_FLAG_USEVC;
	case DNS_CHANNEL_CAREFUL: break;
	}
	return ARES_FLAG_IGNTC;
}

/* ares_send knows no search list, no hosts file: nothing to switch off. */
static enum enum_status init_ares(struct dns_channel *channel,
				  const struct dns_options *options, int flags)
{
	struct ares_options ares = { .flags = flags,
				     .timeout = options->timeout_ms,
				     .tries = options->tries,
				     .ednspsz = EDNS_SIZE,
				     .sock_state_cb = on_socket_state,
				     .sock_state_cb_data = channel };
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		   ARES_OPT_EDNSPSZ | ARES_OPT_NOROTATE |
		   ARES_OPT_SOCK_STATE_CB;
	enum enum_status status;

	if (ares_init_options(&channel->ares, &ares, mask) != ARES_SUCCESS) {
		channel->ares = NULL;
		return ENUM_NO_MEMORY;
	}
	ares_set_socket_configure_callback(channel->ares, on_socket_open, NULL);
	status = set_servers(channel, options->servers);
	return status == ENUM_OK ? look_at_servers(channel) : status;
}

/* On loopback the sockets stay: nobody is there to forge an answer, and a
 * fresh socket costs more than the question. Elsewhere a fresh source port is
 * worth its price (SEC-10). */
static enum enum_status open_ares(struct dns_channel *channel,
				  const struct dns_options *options)
{
	int flags = base_flags(channel);
	enum enum_status status = init_ares(channel, options, flags);

	if (status != ENUM_OK || !channel->local ||
	    channel->kind == DNS_CHANNEL_STREAM)
		return status;
	ares_destroy(channel->ares);
	return init_ares(channel, options, flags | ARES_FLAG_STAYOPEN);
}

enum enum_status dns_channel_open(struct loop *loop,
				  const struct dns_options *options,
				  enum dns_channel_kind kind,
				  loop_timer_fn *idle, void *arg,
				  struct dns_channel **channel_out)
{
	struct dns_channel *channel = malloc(sizeof *channel);
	enum enum_status status;

	if (!channel)
		return ENUM_NO_MEMORY;
	*channel = (struct dns_channel){ .loop = loop,
					 .kind = kind,
					 .ask_ad = options->dnssec,
					 .idle = idle,
					 .arg = arg };
	LIST_INIT(&channel->sockets);
	status = loop_timer_create(loop, on_tick, channel, &channel->tick);
	if (status == ENUM_OK)
		status = open_ares(channel, options);
	if (status != ENUM_OK)
		dns_channel_close(&channel);
	*channel_out = channel;
	return status;
}

void dns_channel_close(struct dns_channel **channel)
{
	if (!*channel)
		return;
	if ((*channel)->ares)
		ares_destroy((*channel)->ares);
	loop_timer_destroy(&(*channel)->tick);
	free(*channel);
	*channel = NULL;
}

size_t dns_channel_server_count(const struct dns_channel *channel)
{
	return channel->server_count;
}

bool dns_channel_is_local(const struct dns_channel *channel)
{
	return channel->local;
}

/* --- questions -------------------------------------------------------- */

/* c-ares takes the id from the packet: one that nobody can guess (SEC-10). */
static enum enum_status make_packet(const struct dns_channel *channel,
				    const char *name, enum dns_type type,
				    unsigned char **packet_out, int *len_out)
{
	int edns_size = channel->kind == DNS_CHANNEL_FIRST ? EDNS_SIZE : 0;
	unsigned short id;
	int result;

	loop_random(channel->loop, &id, sizeof id);
	result = ares_create_query(name, ns_c_in, (int)type, id, 1, packet_out,
				   len_out, edns_size);
	if (result == ARES_ENOMEM)
		return ENUM_NO_MEMORY;
	if (result != ARES_SUCCESS)
		return ENUM_BAD_SYNTAX;
	if (channel->ask_ad)
		(*packet_out)[3] |= HEADER_AD;
	return ENUM_OK;
}

/* c-ares cuts what is longer than it thinks we asked for; after a FORMERR it
 * thinks that no question has OPT. */
static bool is_truncated(const struct dns_channel *channel,
			 const unsigned char *packet, size_t len)
{
	return channel->kind != DNS_CHANNEL_STREAM &&
	       (len == PLAIN_SIZE || len >= EDNS_SIZE ||
		(len > 2 && packet[2] & HEADER_TC));
}

static void got_packet(void *arg, int status, int timeouts,
		       unsigned char *packet, int len)
{
	struct exchange exchange = *(struct exchange *)arg;
	enum dns_channel_result result = DNS_CHANNEL_SILENCE;

	(void)timeouts;
	free(arg);
	exchange.channel->in_flight--;
	if (status == ARES_SUCCESS)
		result = is_truncated(exchange.channel, packet, (size_t)len)
				 ? DNS_CHANNEL_TRUNCATED
				 : DNS_CHANNEL_PACKET;
	else if (status == ARES_ENOMEM)
		result = DNS_CHANNEL_NO_MEMORY;
	exchange.ended(result, packet, (size_t)len, exchange.arg);
}

enum enum_status dns_channel_send(struct dns_channel *channel, const char *name,
				  enum dns_type type, dns_channel_fn *ended,
				  void *arg)
{
	struct exchange *exchange = malloc(sizeof *exchange);
	unsigned char *packet;
	enum enum_status status;
	int len;

	if (!exchange)
		return ENUM_NO_MEMORY;
	*exchange = (struct exchange){ channel, ended, arg };
	status = make_packet(channel, name, type, &packet, &len);
	if (status != ENUM_OK) {
		free(exchange);
		return status;
	}
	if (channel->in_flight++ == 0)
		loop_timer_set(channel->tick, TICK_MS);
	ares_send(channel->ares, packet, len, got_packet, exchange);
	ares_free_string(packet);
	return ENUM_OK;
}
