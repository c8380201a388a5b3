#ifndef IMGW_TESTS_DNS_SERVER_H
#define IMGW_TESTS_DNS_SERVER_H

/** A scripted DNS server on loopback, UDP and TCP, in the same loop as what
 *  is tested. It does what the first label of the name says:
 *
 *	nodata nxdomain servfail refused always-formerr always-notimp
 *	formerr notimp    only for questions with OPT; formerr-opt: with OPT
 *	silent            no answer
 *	garbage othername wrongid (a forged one first)
 *	truncated big     TC over UDP; one address, or 64 kB of NAPTR, over TCP
 *	drip              TC over UDP, over TCP an octet every 5 ms
 *	stuck             TC over UDP, over TCP nothing on that connection
 *	many              60 addresses
 *	secure            with AD
 *	held              answered at server_release
 *
 *  and anything else is answered with one address, 192.0.2.NUMBER. */

#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "enum/loop.h"
#include "tests/unit/unit.h"

#define HEADER_SIZE   12
#define PACKET_MAX    65535
#define TYPE_OPT      41
#define HELD_MAX      16
#define PARKED_MAX    16
#define RECORD_A_SIZE 16

struct question {
	char label[64]; /* the first one */
	size_t end;	/* where the question section ends */
	bool has_opt, asks_ad;
	unsigned opt_size, id;
};

struct server {
	struct loop *loop;
	int udp, listener, tcp; /* one connection at a time */
	unsigned port;
	unsigned char number; /* last octet of its addresses */
	const char *always;   /* a label that holds for all names, or NULL */
	struct loop_watch *on_udp, *on_listener, *on_tcp;
	unsigned udp_questions, tcp_questions;
	struct question last;
	/* held back until server_release */
	struct {
		unsigned char packet[512];
		size_t len;
		struct sockaddr_storage from;
	} held[HELD_MAX];
	size_t held_count;
	/* connections that nothing more is read from */
	int parked[PARKED_MAX];
	size_t parked_count;
	/* sent octet by octet, on the last of them */
	unsigned char drip[PACKET_MAX + 2];
	size_t drip_len, drip_at;
	struct loop_timer *drip_timer;
};

static inline unsigned get_16(const unsigned char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static inline void put_16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static inline void read_question(const unsigned char *q, size_t len,
				 struct question *out)
{
	size_t at = HEADER_SIZE;

	*out = (struct question){ .id = get_16(q),
				  .asks_ad = (q[3] & 0x20) != 0 };
	assert_true(len > HEADER_SIZE && q[at] < sizeof out->label);
	memcpy(out->label, q + at + 1, q[at]);
	while (q[at])
		at += q[at] + 1u;
	out->end = at + 5;
	if (get_16(q + 10) == 0)
		return;
	assert_int_equal(get_16(q + out->end + 1), TYPE_OPT);
	out->has_opt = true;
	out->opt_size = get_16(q + out->end + 3);
}

/* Header and question, as an answer with this rcode. */
static inline size_t begin(const struct question *question,
			   const unsigned char *q, unsigned rcode,
			   unsigned char *out)
{
	memcpy(out, q, question->end);
	out[2] = 0x81;
	out[3] = (unsigned char)(0x80 | rcode);
	memset(out + 6, 0, 6);
	return question->end;
}

static inline size_t add_address(const struct server *server,
				 unsigned char *out, size_t len)
{
	static const unsigned char record[RECORD_A_SIZE] = {
		0xc0, HEADER_SIZE, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 0
	};

	memcpy(out + len, record, sizeof record);
	out[len + sizeof record - 1] = server->number;
	put_16(out + 6, get_16(out + 6) + 1);
	return len + sizeof record;
}

/* NAPTR records of 255-octet regexps, as many as fit. */
static inline size_t add_naptrs(unsigned char *out, size_t len)
{
	static const unsigned char head[12] = { 0xc0, HEADER_SIZE, 0, 35, 0,
						1,    0,	   0, 0,  60 };
	const size_t data = 4 + 2 + 7 + 256 + 1;

	while (len + sizeof head + data <= PACKET_MAX) {
		memcpy(out + len, head, sizeof head);
		put_16(out + len + 10, (unsigned)data);
		len += sizeof head;
		memcpy(out + len, "\0\1\0\2\1u\6E2U+im", 13);
		out[len + 13] = 255;
		memset(out + len + 14, 'x', 255);
		out[len + data - 1] = 0;
		len += data;
		put_16(out + 6, get_16(out + 6) + 1);
	}
	return len;
}

static inline size_t add_opt(unsigned char *out, size_t len)
{
	static const unsigned char opt[11] = { 0, 0, TYPE_OPT, 4, 208 };

	memcpy(out + len, opt, sizeof opt);
	put_16(out + 10, 1);
	return len + sizeof opt;
}

static inline bool label_is(const struct server *server, const char *label)
{
	const char *is = server->always ? server->always : server->last.label;

	return strcmp(is, label) == 0;
}

/* The rcode that the label asks for; -1 none. */
static inline int rcode_of(const struct server *server)
{
	static const struct {
		const char *label;
		int rcode;
		bool only_with_opt;
	} table[] = {
		{ "nodata", 0, false },	       { "servfail", 2, false },
		{ "nxdomain", 3, false },      { "refused", 5, false },
		{ "formerr", 1, true },	       { "formerr-opt", 1, true },
		{ "notimp", 4, true },	       { "always-formerr", 1, false },
		{ "always-notimp", 4, false },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (label_is(server, table[i].label) &&
		    (server->last.has_opt || !table[i].only_with_opt))
			return table[i].rcode;
	return -1;
}

/* Write the answer. @return its size, 0 for none */
static inline size_t make_answer(const struct server *server,
				 const unsigned char *q, bool tcp,
				 unsigned char *out)
{
	int rcode = rcode_of(server);
	size_t len =
		begin(&server->last, q, rcode > 0 ? (unsigned)rcode : 0, out);

	if (label_is(server, "silent"))
		return 0;
	if (label_is(server, "formerr-opt") && rcode > 0)
		return add_opt(out, len);
	if (rcode >= 0)
		return len;
	if ((label_is(server, "truncated") || label_is(server, "big") ||
	     label_is(server, "drip") || label_is(server, "stuck")) &&
	    !tcp) {
		out[2] |= 2; /* TC */
		return len;
	}
	if (label_is(server, "big"))
		return add_naptrs(out, len);
	if (label_is(server, "secure"))
		out[3] |= 0x20;
	if (label_is(server, "many"))
		for (int i = 0; i < 60; i++) /* fits EDNS, not 512 */
			len = add_address(server, out, len);
	len = add_address(server, out, len);
	if (label_is(server, "garbage"))
		return len - 3;
	if (label_is(server, "othername"))
		out[HEADER_SIZE + 1] ^= 1;
	return len;
}

static inline void send_udp(struct server *server, const unsigned char *packet,
			    size_t len, const struct sockaddr_storage *to)
{
	assert_int_equal(sendto(server->udp, packet, len, 0,
				(const struct sockaddr *)to, sizeof *to),
			 len);
}

static inline void got_datagram(int fd, unsigned events, void *arg)
{
	static unsigned char out[PACKET_MAX]; /* too large for the stack */
	struct server *server = arg;
	struct sockaddr_storage from;
	socklen_t from_len = sizeof from;
	unsigned char q[512];
	ssize_t got = recvfrom(fd, q, sizeof q, 0, (struct sockaddr *)&from,
			       &from_len);
	size_t len;

	(void)events;
	if (got < 0)
		return;
	server->udp_questions++;
	read_question(q, (size_t)got, &server->last);
	len = make_answer(server, q, false, out);
	if (label_is(server, "wrongid")) {
		out[1] ^= 1;
		out[len - 1] ^= 0xff; /* the forger's address */
		send_udp(server, out, len, &from);
		out[1] ^= 1;
		out[len - 1] ^= 0xff;
	}
	if (label_is(server, "held")) {
		assert_true(server->held_count < HELD_MAX && len < 512);
		memcpy(server->held[server->held_count].packet, out, len);
		server->held[server->held_count].len = len;
		server->held[server->held_count++].from = from;
	} else if (len) {
		send_udp(server, out, len, &from);
	}
}

static inline void server_release(struct server *server)
{
	for (size_t i = 0; i < server->held_count; i++)
		send_udp(server, server->held[i].packet, server->held[i].len,
			 &server->held[i].from);
	server->held_count = 0;
}

static inline void drip(void *arg)
{
	struct server *server = arg;

	if (server->drip_at == server->drip_len)
		return;
	if (send(server->parked[server->parked_count - 1],
		 server->drip + server->drip_at++, 1, MSG_NOSIGNAL) == 1)
		loop_timer_set(server->drip_timer, 5);
}

/* Leave the connection open and take the next one. */
static inline void park(struct server *server)
{
	assert_true(server->parked_count < PARKED_MAX);
	server->parked[server->parked_count++] = server->tcp;
	loop_watch_destroy(&server->on_tcp);
	server->tcp = -1;
}

static inline void got_stream(int fd, unsigned events, void *arg)
{
	static unsigned char out[PACKET_MAX + 2]; /* too large for the stack */
	struct server *server = arg;
	unsigned char q[512];
	ssize_t got = recv(fd, q, sizeof q, 0);
	size_t len;

	(void)events;
	if (got <= 2) {
		loop_watch_destroy(&server->on_tcp);
		close(server->tcp);
		server->tcp = -1;
		return;
	}
	server->tcp_questions++;
	read_question(q + 2, (size_t)got - 2, &server->last);
	len = make_answer(server, q + 2, true, out + 2);
	put_16(out, (unsigned)len);
	if (label_is(server, "drip") || label_is(server, "stuck"))
		park(server);
	else
		assert_int_equal(send(fd, out, len + 2, MSG_NOSIGNAL), len + 2);
	if (label_is(server, "drip")) {
		memcpy(server->drip, out, len + 2);
		server->drip_len = len + 2;
		server->drip_at = 0;
		drip(server);
	}
}

static inline void got_connection(int fd, unsigned events, void *arg)
{
	static const int size = 1 << 18;
	struct server *server = arg;

	(void)events;
	if (server->tcp >= 0)
		return;
	server->tcp = accept(fd, NULL, NULL);
	assert_true(server->tcp >= 0);
	(void)setsockopt(server->tcp, SOL_SOCKET, SO_SNDBUF, &size,
			 sizeof size);
	if (loop_watch_create(server->loop, server->tcp, LOOP_READ, got_stream,
			      server, &server->on_tcp) != ENUM_OK) {
		close(server->tcp);
		server->tcp = -1;
	}
}

static inline int bind_to(const char *address, int type, unsigned *port)
{
	bool v6 = strchr(address, ':') != NULL;
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)*port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons((uint16_t)*port) };
	struct sockaddr *to =
		v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in;
	socklen_t len = v6 ? sizeof in6 : sizeof in;
	int fd = socket(to->sa_family, type, 0);

	inet_pton(AF_INET, address, &in.sin_addr);
	inet_pton(AF_INET6, address, &in6.sin6_addr);
	if (fd < 0 || bind(fd, to, len) != 0 ||
	    getsockname(fd, to, &len) != 0) {
		close(fd);
		return -1;
	}
	*port = ntohs(v6 ? in6.sin6_port : in.sin_port);
	return fd;
}

static inline bool server_open(struct server *server, struct loop *loop,
			       const char *address, unsigned char number)
{
	static const int room = 1 << 20; /* for a burst of questions */

	*server = (struct server){
		.loop = loop, .number = number, .tcp = -1, .listener = -1
	};
	/* the same port for both: another one if TCP has it in use */
	for (int i = 0; i < 10 && server->listener < 0; i++) {
		if (i > 0)
			close(server->udp);
		server->port = 0;
		server->udp = bind_to(address, SOCK_DGRAM, &server->port);
		if (server->udp < 0)
			return false;
		server->listener = bind_to(address, SOCK_STREAM, &server->port);
	}
	(void)setsockopt(server->udp, SOL_SOCKET, SO_RCVBUF, &room,
			 sizeof room);
	return listen(server->listener, 256) == 0 &&
	       loop_watch_create(loop, server->udp, LOOP_READ, got_datagram,
				 server, &server->on_udp) == ENUM_OK &&
	       loop_watch_create(loop, server->listener, LOOP_READ,
				 got_connection, server,
				 &server->on_listener) == ENUM_OK &&
	       loop_timer_create(loop, drip, server, &server->drip_timer) ==
		       ENUM_OK;
}

static inline void server_close(struct server *server)
{
	if (!server->loop)
		return;
	loop_timer_destroy(&server->drip_timer);
	loop_watch_destroy(&server->on_udp);
	loop_watch_destroy(&server->on_listener);
	loop_watch_destroy(&server->on_tcp);
	close(server->udp);
	close(server->listener);
	if (server->tcp >= 0)
		close(server->tcp);
	for (size_t i = 0; i < server->parked_count; i++)
		close(server->parked[i]);
	server->loop = NULL;
}

#endif
