#define _GNU_SOURCE /* RTLD_NEXT, struct tcp_info */

#include "gateway/sip/sip_connection.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <sofia-sip/su_wait.h>

#include "gateway/log.h"
#include "gateway/loop_su.h"

/** How often all connections are looked at. */
#define SWEEP_MS 1000

/** Peers that may not send get this part of all connections at most. */
#define STRANGERS_PART 2

/* The library's own, in none of its headers: when the message in progress has
 * to be complete. There is an answer only when there is such a message. */
int tport_next_recv_timeout(tport_t *self, su_time_t *target, char const **why);

struct connection {
	tport_t *tport; /* NULL: a free place */
	int fd;
	char peer[DNS_ADDRESS_SIZE];
	int64_t since_ms; /* in the middle of a message; 0: it is not */
};

struct sipside_connections {
	struct loop *loop;
	const struct sipside_options *options;
	struct loop_timer *sweep;
	struct connection *at; /* by the number of its registration */
	size_t size, count;
	bool is_partial; /* some connection is in the middle of a message */
};

static void on_sweep(void *arg);

struct sipside_connections *
sipside_connections_create(struct loop *loop,
			   const struct sipside_options *options)
{
	struct sipside_connections *c = calloc(1, sizeof *c);

	if (!c || loop_timer_create(loop, on_sweep, c, &c->sweep) != ENUM_OK) {
		free(c);
		return NULL;
	}
	c->loop = loop;
	c->options = options;
	loop_su_set_guest(loop, c);
	return c;
}

void sipside_connections_destroy(struct sipside_connections **connections)
{
	struct sipside_connections *c = *connections;

	if (!c)
		return;
	loop_su_set_guest(c->loop, NULL);
	loop_timer_destroy(&c->sweep);
	free(c->at);
	free(c);
	*connections = NULL;
}

size_t sipside_connections_count(const struct sipside_connections *c)
{
	return c->count;
}

static void shut(const struct connection *connection, const char *reason)
{
	log_event(LOG_LEVEL_DEBUG, "sip-connection-closed",
		  FIELD_TEXT("peer", connection->peer),
		  FIELD_TEXT("reason", reason));
	(void)shutdown(connection->fd, SHUT_RDWR);
}

/* --- one that comes --- */

static unsigned port_of(const struct sockaddr_storage *address)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;

	return ntohs(address->ss_family == AF_INET6 ? v6->sin6_port
						    : v4->sin_port);
}

/* Datagrams have no peer, what we connect has a port of its own, and a
 * listener has no peer. */
static bool is_accepted(const struct sipside_options *options, int fd,
			struct sockaddr_storage *peer)
{
	struct sockaddr_storage local = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof *peer, local_size = sizeof local;

	if (getpeername(fd, (struct sockaddr *)peer, &size) != 0 ||
	    getsockname(fd, (struct sockaddr *)&local, &local_size) != 0 ||
	    (local.ss_family != AF_INET && local.ss_family != AF_INET6))
		return false;
	for (size_t i = 0; i < options->listen_count; i++)
		if (options->listen[i].transport != TRANSPORT_UDP &&
		    options->listen[i].port == port_of(&local))
			return true;
	return false;
}

static void write_peer(const struct sockaddr_storage *peer,
		       char out[DNS_ADDRESS_SIZE])
{
	const struct sockaddr_in *v4 = (const void *)peer;
	const struct sockaddr_in6 *v6 = (const void *)peer;
	const bool six = peer->ss_family == AF_INET6;

	out[0] = '\0';
	(void)inet_ntop(peer->ss_family,
			six ? (const void *)&v6->sin6_addr
			    : (const void *)&v4->sin_addr,
			out, DNS_ADDRESS_SIZE);
}

static bool is_stranger(const struct sipside_options *options, const char *peer)
{
	const struct sipside_auth *auth = &options->auth;

	return admission_peer(options->admission, peer) == ADMISSION_NOBODY &&
	       !admission_ranges_hold(auth->require, auth->require_count, peer);
}

static size_t count_from(const struct sipside_connections *c, const char *peer)
{
	size_t count = 0;

	for (size_t i = 0; i < c->size; i++)
		if (c->at[i].tport && strcmp(c->at[i].peer, peer) == 0)
			count++;
	return count;
}

/* @return NULL: there is room for it */
static const char *why_not(const struct sipside_connections *c,
			   const char *peer)
{
	const struct sipside_connection_limits *l = &c->options->connections;
	size_t total = l->total;

	if (is_stranger(c->options, peer))
		total = total / STRANGERS_PART;
	if (l->total && c->count >= total)
		return "too many connections";
	if (l->per_peer && count_from(c, peer) >= l->per_peer)
		return "too many connections of this peer";
	return NULL;
}

static bool make_room(struct sipside_connections *c, size_t number)
{
	size_t size = c->size ? c->size : 64;
	struct connection *at;

	while (size <= number)
		size *= 2;
	if (size == c->size)
		return true;
	at = realloc(c->at, size * sizeof *at);
	if (!at)
		return false;
	memset(at + c->size, 0, (size - c->size) * sizeof *at);
	c->at = at;
	c->size = size;
	return true;
}

static void come(struct sipside_connections *c, size_t number, int fd,
		 tport_t *tport)
{
	struct connection connection = { .tport = tport, .fd = fd };
	struct sockaddr_storage peer;
	const char *reason;

	if (!is_accepted(c->options, fd, &peer))
		return;
	write_peer(&peer, connection.peer);
	reason = make_room(c, number) ? why_not(c, connection.peer)
				      : "out of memory";
	if (reason) {
		shut(&connection, reason);
		return;
	}
	c->at[number] = connection;
	if (c->count++ == 0)
		loop_timer_set(c->sweep, SWEEP_MS);
}

static void go(struct sipside_connections *c, size_t number)
{
	if (number >= c->size || !c->at[number].tport)
		return;
	c->at[number] = (struct connection){ .tport = NULL };
	c->count--;
}

/* The library's function of a name that is replaced here. */
static void *library(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Replaces the library's own. */
int su_root_register(su_root_t *root, su_wait_t *wait, su_wakeup_f callback,
		     su_wakeup_arg_t *arg, int priority)
{
	void *symbol = library("su_root_register");
	int (*function)(su_root_t *, su_wait_t *, su_wakeup_f,
			su_wakeup_arg_t *, int);
	struct sipside_connections *c = loop_su_guest(root);
	const int fd = wait->fd;
	int number;

	memcpy(&function, &symbol, sizeof function);
	number = function(root, wait, callback, arg, priority);
	if (c && number >= 0)
		come(c, (size_t)number, fd, (tport_t *)arg);
	return number;
}

/* Replaces the library's own. */
int su_root_deregister(su_root_t *root, int number)
{
	void *symbol = library("su_root_deregister");
	int (*function)(su_root_t *, int);
	struct sipside_connections *c = loop_su_guest(root);

	memcpy(&function, &symbol, sizeof function);
	if (c && number >= 0)
		go(c, (size_t)number);
	return function(root, number);
}

/* --- one that stays --- */

static bool is_partial(tport_t *tport)
{
	const su_time_t never = { ULONG_MAX, 0 };
	su_time_t target = never;
	const char *why = NULL;

	(void)tport_next_recv_timeout(tport, &target, &why);
	return target.tv_sec != never.tv_sec;
}

/* An octet now and then does not make a message. */
static bool is_slow(struct sipside_connections *c, struct connection *one)
{
	const int64_t now_ms = loop_now_ms(c->loop);

	if (!is_partial(one->tport)) {
		one->since_ms = 0;
		return false;
	}
	c->is_partial = true;
	if (!one->since_ms)
		one->since_ms = now_ms;
	return c->options->connections.message_ms &&
	       now_ms - one->since_ms > c->options->connections.message_ms;
}

static bool is_idle(const struct sipside_connections *c,
		    const struct connection *one)
{
	const int64_t idle_ms = c->options->connections.idle_ms;
	struct tcp_info info;
	socklen_t size = sizeof info;

	return idle_ms &&
	       getsockopt(one->fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
	       info.tcpi_last_data_recv > idle_ms &&
	       info.tcpi_last_data_sent > idle_ms;
}

static void on_sweep(void *arg)
{
	struct sipside_connections *c = arg;

	c->is_partial = false;
	for (size_t i = 0; i < c->size; i++) {
		struct connection *one = &c->at[i];

		if (!one->tport)
			continue;
		if (is_slow(c, one))
			shut(one, "a message took too long");
		else if (is_idle(c, one))
			shut(one, "idle");
	}
	if (c->count)
		loop_timer_set(c->sweep, SWEEP_MS);
}

void sipside_connections_heard(struct sipside_connections *c,
			       const tport_t *tport)
{
	for (size_t i = 0; c->is_partial && i < c->size; i++)
		if (c->at[i].tport == tport)
			c->at[i].since_ms = 0;
}
