#ifndef IMGW_TESTS_COMPONENT_SERVER_H
#define IMGW_TESTS_COMPONENT_SERVER_H

/** A scripted server for components (XEP-0114) on 127.0.0.1, in the same loop
 *  as what is tested; and waiting in that loop for something to come true. */

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/loop.h"
#include "tests/unit/unit.h"

/** XEP-0114, 3: the example of the handshake. */
#define SERVER_STREAM_ID "3BF96D32"
#define SERVER_SECRET	 "test"
#define SERVER_HASH	 "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"
#define SERVER_DOMAIN	 "gw.example.net"

#define SERVER_HEADER                                      \
	"<?xml version='1.0'?><stream:stream "             \
	"xmlns='jabber:component:accept' "                 \
	"xmlns:stream='http://etherx.jabber.org/streams' " \
	"from='" SERVER_DOMAIN "' id='" SERVER_STREAM_ID "'>"

struct server {
	struct loop *loop;
	struct loop_timer *poll;
	int listening, fd; /* fd -1: nobody is connected */
	uint16_t port;
	struct loop_watch *listen_watch, *watch;
	unsigned accepted;
	bool deaf;	   /* does not read */
	char got[1 << 18]; /* since it was last cleared, terminated */
	size_t got_len;
	/* waiting */
	bool (*ready)(void *arg);
	void *arg;
	int64_t end_ms;
	bool came_true;
};

static inline void server_hang_up(struct server *s)
{
	loop_watch_destroy(&s->watch);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static inline void server_on_read(int fd, unsigned events, void *arg)
{
	struct server *s = arg;
	ssize_t len;

	(void)events;
	if (s->deaf) {
		loop_watch_set(s->watch, 0);
		return;
	}
	len = recv(fd, s->got + s->got_len, sizeof s->got - s->got_len - 1, 0);
	if (len <= 0) {
		server_hang_up(s);
		return;
	}
	s->got_len += (size_t)len;
	s->got[s->got_len] = '\0';
}

static inline void server_on_accept(int fd, unsigned events, void *arg)
{
	struct server *s = arg;

	(void)events;
	server_hang_up(s);
	s->fd = accept(fd, NULL, NULL);
	s->accepted++;
	if (s->fd >= 0 &&
	    loop_watch_create(s->loop, s->fd, LOOP_READ, server_on_read, s,
			      &s->watch) != ENUM_OK)
		server_hang_up(s);
}

static inline void server_on_poll(void *arg)
{
	struct server *s = arg;

	s->came_true = s->ready(s->arg);
	if (s->came_true || loop_now_ms(s->loop) > s->end_ms)
		loop_stop(s->loop);
	else
		loop_timer_set(s->poll, 1);
}

/** Run the loop until it is so. @return false: not within `limit_ms` */
static inline bool server_wait(struct server *s, int64_t limit_ms,
			       bool (*ready)(void *arg), void *arg)
{
	s->ready = ready;
	s->arg = arg;
	s->end_ms = loop_now_ms(s->loop) + limit_ms;
	loop_timer_set(s->poll, 0);
	loop_run(s->loop);
	return s->came_true;
}

static inline bool server_never(void *arg)
{
	(void)arg;
	return false;
}

/** Let the loop run for some time. */
static inline void server_pause(struct server *s, int64_t ms)
{
	(void)server_wait(s, ms, server_never, s);
}

static inline struct server *server_create(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	struct server *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->fd = -1;
	s->listening = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listening, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(s->listening, 8), 0);
	getsockname(s->listening, (struct sockaddr *)&at, &len);
	s->port = ntohs(at.sin_port);
	assert_int_equal(loop_create(&s->loop), GATEWAY_OK);
	assert_int_equal(
		loop_timer_create(s->loop, server_on_poll, s, &s->poll),
		ENUM_OK);
	assert_int_equal(loop_watch_create(s->loop, s->listening, LOOP_READ,
					   server_on_accept, s,
					   &s->listen_watch),
			 ENUM_OK);
	return s;
}

static inline void server_destroy(struct server *s)
{
	server_hang_up(s);
	loop_watch_destroy(&s->listen_watch);
	loop_timer_destroy(&s->poll);
	close(s->listening);
	loop_destroy(&s->loop);
	free(s);
}

static inline void server_send(struct server *s, const char *xml)
{
	size_t len = strlen(xml);

	assert_true(s->fd >= 0);
	assert_int_equal(send(s->fd, xml, len, MSG_NOSIGNAL), len);
}

struct server_expected {
	struct server *server;
	const char *text;
};

static inline bool server_has_got(void *arg)
{
	struct server_expected *e = arg;

	return strstr(e->server->got, e->text) != NULL;
}

/** Wait until the server has received this text. */
static inline bool server_expect(struct server *s, const char *text)
{
	struct server_expected e = { s, text };

	return server_wait(s, 5000, server_has_got, &e);
}

static inline void server_forget(struct server *s)
{
	s->got_len = 0;
	s->got[0] = '\0';
}

/** Play the server's part up to the accepted handshake. */
static inline bool server_handshake(struct server *s)
{
	if (!server_expect(s, "<stream:stream "))
		return false;
	server_send(s, SERVER_HEADER);
	if (!server_expect(s, SERVER_HASH "</handshake>"))
		return false;
	server_send(s, "<handshake/>");
	server_forget(s);
	return true;
}

#endif
