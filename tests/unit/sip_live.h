#ifndef IMGW_TESTS_SIP_LIVE_H
#define IMGW_TESTS_SIP_LIVE_H

/** The SIP side with the real loop and real sockets on 127.0.0.1. The relay
 *  is replaced: what comes in is kept in `live`, and the test answers it. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/loop.h"
#include "gateway/sip/sipside.h"
#include "tests/unit/unit.h"

#define LIVE_MESSAGES_MAX 128

static struct {
	struct loop *loop;
	struct sipside *side;
	struct listen_address listen[2];
	char port[8];
	int peer; /* a UDP neighbour that is admitted */
	char peer_port[8];
	enum admission_trust trust;
	enum admission_trust hop_trust; /* of 127.0.0.3 */
	/* what the relay was given */
	struct message *messages[LIVE_MESSAGES_MAX];
	struct origin *origins[LIVE_MESSAGES_MAX];
	size_t count;
	/* what attempts came to */
	struct outcome outcome;
	char wire_code[8];
	unsigned done_count;
} live;

void relay_submit(struct relay_table *table, struct message *message,
		  struct origin *origin)
{
	(void)table;
	assert_true(live.count < LIVE_MESSAGES_MAX);
	live.messages[live.count] = message;
	live.origins[live.count++] = origin;
}

enum admission_trust admission_peer(const struct admission *admission,
				    const char *address)
{
	(void)admission;
	return strcmp(address, "127.0.0.3") == 0 ? live.hop_trust : live.trust;
}

static inline struct sockaddr_in live_address(const char *host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };

	assert_int_equal(inet_pton(AF_INET, host, &address.sin_addr), 1);
	return address;
}

static inline int live_port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t len = sizeof address;

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

/** A socket bound to a port that is free. Over UDP nobody may share it: with
 *  SO_REUSEADDR the kernel gives a port to two tests at once. */
static inline int live_socket(int type, const char *host, int port)
{
	struct sockaddr_in address = live_address(host, port);
	int fd = socket(AF_INET, type, 0), on = type == SOCK_STREAM;

	assert_true(fd >= 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address),
			 0);
	return fd;
}

static inline void live_stop(void *arg)
{
	(void)arg;
	loop_stop(live.loop);
}

/** A TCP connection to us. */
static inline int live_connect(void)
{
	struct sockaddr_in to = live_address("127.0.0.1", atoi(live.port));
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

/** Let the loop turn. */
static inline void live_run(int ms)
{
	struct loop_timer *timer;

	assert_int_equal(loop_timer_create(live.loop, live_stop, NULL, &timer),
			 ENUM_OK);
	loop_timer_set(timer, ms);
	loop_run(live.loop);
	loop_timer_destroy(&timer);
}

static inline struct sipside_options live_options(void)
{
	static const char *const domains[] = { "gw.example.net" };

	return (struct sipside_options){
		.listen = live.listen,
		.listen_count = 2,
		.domains = domains,
		.domain_count = 1,
		.xmpp_domain = "gw.example.net",
		.attempt_timeout_ms = 4000,
		.connect_timeout_ms = 300,
		.transactions_max = 100,
	};
}

static inline void live_open_with(const struct sipside_options *options)
{
	assert_int_equal(loop_create(&live.loop), GATEWAY_OK);
	assert_int_equal(sipside_create(live.loop, options, &live.side),
			 GATEWAY_OK);
}

static inline bool live_is_free(int kind, int port)
{
	struct sockaddr_in address = live_address("127.0.0.1", port);
	int fd = socket(AF_INET, kind, 0);
	int failed = bind(fd, (struct sockaddr *)&address, sizeof address);

	close(fd);
	return !failed;
}

/** A port that is free for UDP and TCP, and the one behind it for TLS. Below
 *  those that the kernel gives away, and another one in each process: nobody
 *  takes it before we do. */
static inline int live_free_port(void)
{
	static int used;
	int port;

	do
		port = 10000 + getpid() % 250 * 80 + 2 * (used++ % 40);
	while (!live_is_free(SOCK_DGRAM, port) ||
	       !live_is_free(SOCK_STREAM, port) ||
	       !live_is_free(SOCK_STREAM, port + 1));
	return port;
}

/** The addresses that we listen on, and a neighbour. */
static inline void live_reserve(void)
{
	int port = live_free_port();

	memset(&live, 0, sizeof live);
	live.trust = live.hop_trust = ADMISSION_TRUSTED;
	for (int i = 0; i < 2; i++)
		live.listen[i] =
			(struct listen_address){ .transport = i ? TRANSPORT_TCP
								: TRANSPORT_UDP,
						 .address = "127.0.0.1",
						 .port = (uint16_t)port };
	snprintf(live.port, sizeof live.port, "%d", port);
	live.peer = live_socket(SOCK_DGRAM, "127.0.0.1", 0);
	snprintf(live.peer_port, sizeof live.peer_port, "%d",
		 live_port_of(live.peer));
}

static inline int live_open(void **state)
{
	struct sipside_options options;

	(void)state;
	live_reserve();
	options = live_options();
	live_open_with(&options);
	return 0;
}

/** Answer what waits at the relay, from the first to the last. */
static inline void live_answer_all(int code, const char *reason)
{
	struct outcome outcome = outcome_of_sip(code, reason);

	for (size_t i = 0; i < live.count; i++) {
		struct side *side = sipside_side(live.side);

		if (live.origins[i])
			side->answer(side, live.origins[i], live.messages[i],
				     &outcome);
		message_destroy(&live.messages[i]);
	}
	live.count = 0;
}

static inline int live_close(void **state)
{
	(void)state;
	live_answer_all(500, NULL);
	sipside_destroy(&live.side);
	loop_destroy(&live.loop);
	close(live.peer);
	return 0;
}

/** Every occurrence of "{NAME}" is replaced by a value, every "\n" becomes
 *  CRLF: requests and responses can be written as they look. */
static inline void live_write(char *out, size_t size, const char *in,
			      const char *(*value)(const char *name, size_t len,
						   void *arg),
			      void *arg)
{
	struct text text;

	text_init(&text, out, size);
	for (; *in; in++) {
		const char *end = *in == '{' ? strchr(in, '}') : NULL;

		if (end) {
			text_add(&text,
				 value(in + 1, (size_t)(end - in - 1), arg));
			in = end;
		} else {
			if (*in == '\n')
				text_add_char(&text, '\r');
			text_add_char(&text, *in);
		}
	}
	assert_false(text.cut);
}

/** How one request differs from the plain one. */
struct live_request {
	const char *line;    /* "MESSAGE tel:+12025550100 SIP/2.0" */
	const char *branch;  /* "b1" */
	const char *via;     /* more parameters, ";rport" */
	const char *headers; /* more headers, each with its "\n" */
	const char *forward; /* "Max-Forwards: 70\n" */
	const char *to;	     /* "<tel:+12025550100>" */
	const char *cseq;    /* "1 MESSAGE" */
	const char *type;    /* "text/plain" */
	const char *body;
	const char *transport;
};

static inline const char *live_or(const char *value, const char *other)
{
	return value ? value : other;
}

static inline const char *live_value(const char *name, size_t len, void *arg)
{
	static char length[24];
	const struct live_request *r = arg;
	struct span key = { name, len };

	if (span_is(key, "LINE"))
		return live_or(r->line, "MESSAGE tel:+12025550100 SIP/2.0");
	if (span_is(key, "TRANSPORT"))
		return live_or(r->transport, "UDP");
	if (span_is(key, "BRANCH"))
		return live_or(r->branch, "b1");
	if (span_is(key, "VIA"))
		return live_or(r->via, ";rport");
	if (span_is(key, "HEADERS"))
		return live_or(r->headers, "");
	if (span_is(key, "FORWARD"))
		return live_or(r->forward, "Max-Forwards: 70\r\n");
	if (span_is(key, "TO"))
		return live_or(r->to, "<tel:+12025550100>");
	if (span_is(key, "CSEQ"))
		return live_or(r->cseq, "1 MESSAGE");
	if (span_is(key, "TYPE"))
		return live_or(r->type, "text/plain");
	if (span_is(key, "BODY"))
		return live_or(r->body, "Hello");
	if (span_is(key, "PORT"))
		return live.peer_port;
	assert_true(span_is(key, "LENGTH"));
	snprintf(length, sizeof length, "%zu",
		 strlen(live_or(r->body, "Hello")));
	return length;
}

static inline void live_request_text(const struct live_request *r, char *out,
				     size_t size)
{
	live_write(out, size,
		   "{LINE}\n"
		   "Via: SIP/2.0/{TRANSPORT} 127.0.0.1:{PORT};"
		   "branch=z9hG4bK-{BRANCH}{VIA}\n"
		   "{FORWARD}"
		   "From: <tel:+12025550199>;tag=f1\n"
		   "To: {TO}\n"
		   "Call-ID: c1@127.0.0.1\n"
		   "CSeq: {CSEQ}\n"
		   "{HEADERS}"
		   "Content-Type: {TYPE}\n"
		   "Content-Length: {LENGTH}\n"
		   "\n"
		   "{BODY}",
		   live_value, (void *)(uintptr_t)r);
}

static inline void live_send_text(int fd, const char *text, size_t len)
{
	struct sockaddr_in to = live_address("127.0.0.1", atoi(live.port));

	assert_int_equal(
		sendto(fd, text, len, 0, (struct sockaddr *)&to, sizeof to),
		len);
	live_run(30);
}

static inline void live_send(const struct live_request *r)
{
	static char text[70000];

	live_request_text(r, text, sizeof text);
	live_send_text(live.peer, text, strlen(text));
}

/** What a socket has received, or "" for nothing. */
static inline const char *live_receive(int fd)
{
	static char text[70000];
	ssize_t got = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

/** The code of the next response at the neighbour, or 0. */
static inline int live_code(void)
{
	const char *text = live_receive(live.peer);

	return strncmp(text, "SIP/2.0 ", 8) == 0 ? atoi(text + 8) : 0;
}

/** The code that a request is answered with at once. */
static inline int live_ask(const struct live_request *r)
{
	live_send(r);
	return live_code();
}

/** Send what must be taken; earlier ones are answered first. */
static inline const struct message *
live_take(const struct live_request *request)
{
	live_answer_all(202, NULL);
	(void)live_receive(live.peer);
	live_send(request);
	if (live.count != 1)
		fail_msg("not taken: %s", live_receive(live.peer));
	return live.messages[0];
}

/** Is there exactly this line? */
static inline bool live_has_line(const char *text, const char *line)
{
	char whole[2048];

	snprintf(whole, sizeof whole, "\r\n%s\r\n", line);
	return strstr(text, whole) != NULL;
}

/** The first header of a name, without the name; "" when there is none. */
static inline const char *live_header(const char *text, const char *name)
{
	static char value[4096];
	char start[128];
	const char *at;

	snprintf(start, sizeof start, "\r\n%s: ", name);
	at = strstr(text, start);
	value[0] = '\0';
	if (at) {
		at += strlen(start);
		(void)span_copy((struct span){ at, strcspn(at, "\r") }, value,
				sizeof value);
	}
	return value;
}

/** How often something stands in a text. */
static inline unsigned live_times(const char *text, const char *what)
{
	unsigned times = 0;

	while ((text = strstr(text, what)) != NULL) {
		times++;
		text += strlen(what);
	}
	return times;
}

#endif
