#define _POSIX_C_SOURCE 200809L /* F_DUPFD_CLOEXEC */

#include "gateway/xmpp/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "enum/text.h"

/** Serves libstrophe's own timed handlers and queue. */
#define TICK_MS 100

/** Runs of libstrophe in one turn of the loop; then others get theirs. */
#define RUNS_MAX 16

struct connection {
	struct loop *loop;
	struct connection_target target;
	struct connection_events events;
	xmpp_log_t logger; /* see on_log */
	xmpp_ctx_t *ctx;
	xmpp_conn_t *conn;	  /* a new one each time; NULL: closed */
	struct loop_watch *watch; /* of `fd` */
	int fd;			  /* our duplicate of libstrophe's: it closes
				   * its own before it tells us */
	int reserve;		  /* see reserve_descriptor */
	struct loop_timer *tick;
	bool accepted, lost; /* noted while libstrophe runs */
	char reason[80];     /* why it was lost */
	uint64_t queued;
};

/* select, by which libstrophe waits, aborts the process for descriptors of
 * FD_SETSIZE and above. A busy gateway may have a thousand open when it must
 * connect again: so a low one is held while there is no connection. */
static void reserve_descriptor(struct connection *c)
{
	if (c->reserve < 0)
		c->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void yield_descriptor(struct connection *c)
{
	if (c->reserve >= 0)
		(void)close(c->reserve);
	c->reserve = -1;
}

static bool is_numeric(const char *address)
{
	unsigned char octets[16];

	return inet_pton(AF_INET, address, octets) == 1 ||
	       inet_pton(AF_INET6, address, octets) == 1;
}

/* libstrophe's callbacks. It still runs and must not lose its connection
 * under its feet: they only note. */

static const char *stream_error_word(const xmpp_stream_error_t *error)
{
	xmpp_stanza_t *child = NULL;
	const char *word;

	if (error->stanza)
		child = xmpp_stanza_get_children(error->stanza);
	word = child ? xmpp_stanza_get_name(child) : NULL;
	return word ? word : "stream error";
}

static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
			  xmpp_stream_error_t *stream_error, void *arg)
{
	struct connection *c = arg;
	struct text reason;

	if (conn != c->conn || c->lost) /* given up already */
		return;
	if (event == XMPP_CONN_CONNECT) {
		c->accepted = true;
		c->events.accepted(c->events.arg);
		return;
	}
	text_init(&reason, c->reason, sizeof c->reason);
	if (stream_error)
		text_add(&reason, stream_error_word(stream_error));
	else if (error > 0)
		text_addf(&reason, "connection lost: %s", strerror(error));
	else
		text_add(&reason, c->accepted ? "closed by the server"
					      : "nobody listens there, or the "
						"server closed it at once");
	c->lost = true;
}

/* XMPP-4: what is not XML, or has a document type, makes libstrophe send a
 * stream error, but it goes on reading; RFC 6120, 4.9.1.1, wants the stream
 * closed. Nobody is told of it but the logger. */
static void on_log(void *arg, xmpp_log_level_t level, const char *area,
		   const char *text)
{
	struct connection *c = arg;
	struct text reason;

	(void)level;
	(void)area;
	if (c->lost || !span_starts_nocase(span_of(text), "parse error"))
		return;
	text_init(&reason, c->reason, sizeof c->reason);
	text_add(&reason, "the server's XML is not well-formed");
	c->lost = true;
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *arg)
{
	struct connection *c = arg;

	if (conn == c->conn && !c->lost)
		c->events.stanza(stanza, c->events.arg);
	return 1;
}

static int refuse_socket(xmpp_conn_t *conn, void *socket)
{
	(void)conn;
	(void)socket;
	return -1;
}

/* The callback has no argument of ours: the descriptor is handed over in a
 * text of the connection that a component has no use for. */
static int keep_socket(xmpp_conn_t *conn, void *socket)
{
	int fd = *(int *)socket;
	const int yes = 1;
	char number[16];
	struct text text;

	/* a stanza behind a ping would wait for the server's delayed ACK */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (fd >= FD_SETSIZE || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -1;
	text_init(&text, number, sizeof number);
	text_addf(&text, "%d", fd);
	xmpp_conn_set_client_cert(conn, number, number);
	return 0;
}

static int socket_of(xmpp_conn_t *conn)
{
	unsigned long fd;

	if (!span_number(span_of(xmpp_conn_get_keyfile(conn)), FD_SETSIZE - 1,
			 &fd))
		return -1;
	return (int)fd;
}

/* libstrophe 0.12 to 0.14 allocates the state of stream management only in
 * xmpp_connect_client, but reads it for components too and dies of it with
 * the first stanza. A client's attempt whose socket is refused allocates it;
 * nothing leaves the host. tests/unit/strophe_priming_live_test.c tells when
 * this is no longer needed. */
static bool prime_component(struct connection *c)
{
	xmpp_conn_set_sockopt_callback(c->conn, refuse_socket);
	return xmpp_connect_client(c->conn, "127.0.0.1", 9, on_connection, c) ==
	       XMPP_EINT;
}

/* Turning. */

static bool can_write(const struct connection *c)
{
	struct pollfd wanted = { .fd = c->fd, .events = POLLOUT };

	return poll(&wanted, 1, 0) == 1;
}

size_t connection_waiting(const struct connection *connection)
{
	if (!connection->conn)
		return 0;
	return (size_t)xmpp_conn_send_queue_len(connection->conn);
}

/* libstrophe does not count the stanza that it has written in part: so a
 * socket that takes no more counts as one. */
static size_t unwritten(const struct connection *c)
{
	return connection_waiting(c) + (c->conn && !can_write(c));
}

static void run(struct connection *c)
{
	int runs = 0;

	do
		xmpp_run_once(c->ctx, 0);
	while (!c->lost && ++runs < RUNS_MAX && connection_waiting(c) > 0 &&
	       can_write(c));
}

static void turn(struct connection *c)
{
	bool busy;

	run(c);
	if (c->lost) {
		xmpp_run_once(c->ctx, 0); /* what it still has to say */
		c->events.lost(c->reason, c->events.arg);
		return;
	}
	busy = !c->accepted || unwritten(c) > 0;
	loop_watch_set(c->watch, LOOP_READ | (busy ? LOOP_WRITE : 0));
	if (c->accepted)
		c->events.written(c->events.arg);
}

static void on_ready(int fd, unsigned events, void *arg)
{
	(void)fd;
	(void)events;
	turn(arg);
}

static void on_tick(void *arg)
{
	struct connection *c = arg;

	loop_timer_set(c->tick, TICK_MS);
	turn(c);
}

/* Its life. */

enum gateway_status connection_create(struct loop *loop,
				      const struct connection_target *target,
				      const struct connection_events *events,
				      struct connection **connection_out)
{
	struct connection *c;

	*connection_out = NULL;
	if (!is_numeric(target->address))
		return GATEWAY_BAD_CONFIG;
	c = calloc(1, sizeof *c);
	if (!c)
		return GATEWAY_NO_MEMORY;
	c->loop = loop;
	c->target = *target;
	c->events = *events;
	c->fd = c->reserve = -1;
	xmpp_initialize(); /* xmpp_shutdown would undo it for others too */
	c->logger = (xmpp_log_t){ on_log, c };
	c->ctx = xmpp_ctx_new(NULL, &c->logger);
	if (!c->ctx ||
	    loop_timer_create(loop, on_tick, c, &c->tick) != ENUM_OK) {
		connection_destroy(&c);
		return GATEWAY_NO_MEMORY;
	}
	reserve_descriptor(c);
	*connection_out = c;
	return GATEWAY_OK;
}

static bool watch_socket(struct connection *c)
{
	c->fd = fcntl(socket_of(c->conn), F_DUPFD_CLOEXEC, 0);
	return c->fd >= 0 &&
	       loop_watch_create(c->loop, c->fd, LOOP_READ | LOOP_WRITE,
				 on_ready, c, &c->watch) == ENUM_OK;
}

bool connection_open(struct connection *connection)
{
	struct connection *c = connection;
	const struct connection_target *t = &c->target;

	c->accepted = c->lost = false;
	c->conn = xmpp_conn_new(c->ctx);
	if (!c->conn)
		return false;
	xmpp_conn_set_jid(c->conn, t->domain);
	xmpp_conn_set_pass(c->conn, t->secret);
	if (!prime_component(c))
		return false;
	xmpp_conn_set_sockopt_callback(c->conn, keep_socket);
	xmpp_handler_add(c->conn, on_stanza, NULL, NULL, NULL, c);
	yield_descriptor(c);
	if (xmpp_connect_component(c->conn, t->address, t->port, on_connection,
				   c) != XMPP_EOK ||
	    !watch_socket(c))
		return false;
	loop_timer_set(c->tick, TICK_MS);
	return true;
}

void connection_close(struct connection *connection)
{
	struct connection *c = connection;
	xmpp_conn_t *conn = c->conn;

	c->conn = NULL; /* on_connection is called once more, in vain */
	loop_timer_clear(c->tick);
	loop_watch_destroy(&c->watch);
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
	if (conn)
		(void)xmpp_conn_release(conn);
	reserve_descriptor(c);
}

xmpp_ctx_t *connection_context(struct connection *connection)
{
	return connection->ctx;
}

uint64_t connection_send(struct connection *connection, xmpp_stanza_t *stanza)
{
	struct connection *c = connection;
	size_t before = connection_waiting(c);

	if (!c->conn || !c->accepted)
		return 0;
	xmpp_send(c->conn, stanza);
	if (connection_waiting(c) == before)
		return 0; /* it drops without a word */
	loop_watch_set(c->watch, LOOP_READ | LOOP_WRITE);
	return ++c->queued;
}

uint64_t connection_written(const struct connection *connection)
{
	size_t waiting = unwritten(connection);

	return waiting < connection->queued ? connection->queued - waiting : 0;
}

/* What the socket takes at once still goes out, the end of the stream too. */
static void say_goodbye(struct connection *c)
{
	c->lost = true; /* nothing more is taken in */
	xmpp_disconnect(c->conn);
	xmpp_run_once(c->ctx, 0);
}

void connection_destroy(struct connection **connection)
{
	struct connection *c = *connection;

	if (!c)
		return;
	if (c->conn && c->accepted && !c->lost)
		say_goodbye(c);
	if (c->conn)
		connection_close(c);
	yield_descriptor(c);
	loop_timer_destroy(&c->tick);
	if (c->ctx)
		xmpp_ctx_free(c->ctx);
	free(c);
	*connection = NULL;
}
