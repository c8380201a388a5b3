/** An XMPP server that takes every stanza of one component (XEP-0114) and
 *  routes what the component sends to itself back to it, as servers do: that
 *  is the ping by which it knows what has arrived.
 *
 *	xmpp_sink ADDRESS PORT DOMAIN
 *
 *  Each line that it reads it answers with "messages=N pings=N", what it has
 *  taken since the line before; it ends with its input. Whoever connects is
 *  believed. In C, since it shares two cores with what is measured. */

#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "enum/text.h"

#define INPUT_SIZE (1 << 20)

struct sink {
	int listener, link;  /* link: -1 without one */
	struct text to_self; /* "to='DOMAIN'" */
	char to_self_room[300];
	char input[INPUT_SIZE];
	size_t len;
	unsigned long messages, pings;
};

static const char header[] =
	"<?xml version='1.0'?>"
	"<stream:stream xmlns='jabber:component:accept' id='1'"
	" xmlns:stream='http://etherx.jabber.org/streams'>";

static void say(int fd, const char *at, size_t len)
{
	while (len > 0) {
		ssize_t count = write(fd, at, len);

		if (count <= 0)
			return;
		at += count;
		len -= (size_t)count;
	}
}

static void say_text(int fd, const char *text)
{
	say(fd, text, strlen(text));
}

/* Where a piece of text begins, or NULL. Text in XML has no '<' of its own,
 * so that one in front of a name is always a tag. */
static const char *find(struct span in, const char *what)
{
	const size_t len = strlen(what);
	ptrdiff_t skip;

	while ((skip = span_find(in, *what)) >= 0) {
		in = span_skip(in, (size_t)skip);
		if (in.len < len)
			return NULL;
		if (memcmp(in.at, what, len) == 0)
			return in.at;
		in = span_skip(in, 1);
	}
	return NULL;
}

/* The end of an element that begins there. @return 0: it is not all here */
static size_t length_of(struct span in, const char *end)
{
	const char *at = find(in, end);

	return at ? (size_t)(at - in.at) + strlen(end) : 0;
}

static void take_iq(struct sink *s, struct span iq)
{
	if (!find(iq, s->to_self.at))
		return;
	s->pings++;
	say(s->link, iq.at, iq.len);
}

/* One element, or the head of the stream. @return its length; 0: more is
 * needed */
static size_t take_element(struct sink *s, struct span in)
{
	size_t len;

	if (span_starts_nocase(in, "<message")) {
		len = length_of(in, "</message>");
		s->messages += len > 0;
	} else if (span_starts_nocase(in, "<iq")) {
		len = length_of(in, "</iq>");
		if (len)
			take_iq(s, (struct span){ in.at, len });
	} else if (span_starts_nocase(in, "<stream:stream")) {
		len = length_of(in, ">");
		if (len)
			say_text(s->link, header);
	} else if (span_starts_nocase(in, "<handshake")) {
		len = length_of(in, "</handshake>");
		if (len)
			say_text(s->link, "<handshake/>");
	} else {
		ptrdiff_t next = span_find(span_skip(in, 1), '<');

		len = next >= 0 ? (size_t)next + 1 : 0;
	}
	return len;
}

static void take_input(struct sink *s)
{
	struct span in = { s->input, s->len };
	size_t len;

	while (in.len > 0 && (len = take_element(s, in)) > 0)
		in = span_skip(in, len);
	memmove(s->input, in.at, in.len);
	s->len = in.len;
}

static void hang_up(struct sink *s)
{
	if (s->link >= 0)
		(void)close(s->link);
	s->link = -1;
	s->len = 0;
}

static void read_link(struct sink *s)
{
	ssize_t count = read(s->link, s->input + s->len, INPUT_SIZE - s->len);

	if (count <= 0) {
		hang_up(s);
		return;
	}
	s->len += (size_t)count;
	take_input(s);
}

/* @return false: nobody asks any more */
static bool answer(struct sink *s)
{
	char line[80];

	if (read(STDIN_FILENO, line, sizeof line) <= 0)
		return false;
	(void)printf("messages=%lu pings=%lu\n", s->messages, s->pings);
	(void)fflush(stdout);
	s->messages = s->pings = 0;
	return true;
}

static void run(struct sink *s)
{
	for (;;) {
		struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
					{ s->listener, POLLIN, 0 },
					{ s->link, POLLIN, 0 } };

		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[0].revents && !answer(s))
			return;
		if (fds[1].revents) {
			hang_up(s);
			s->link = accept(s->listener, NULL, NULL);
		} else if (s->link >= 0 && fds[2].revents) {
			read_link(s);
		}
	}
}

static bool listen_at(struct sink *s, const char *host, unsigned long port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };
	const int yes = 1;

	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &yes,
			 sizeof yes);
	return inet_pton(AF_INET, host, &address.sin_addr) == 1 &&
	       bind(s->listener, (struct sockaddr *)&address, sizeof address) ==
		       0 &&
	       listen(s->listener, 4) == 0;
}

int main(int argc, char **argv)
{
	static struct sink sink = { .link = -1 };
	unsigned long port;

	if (argc != 4 || !span_number(span_of(argv[2]), 65535, &port)) {
		(void)fprintf(stderr, "usage: xmpp_sink ADDRESS PORT DOMAIN\n");
		return 64;
	}
	text_init(&sink.to_self, sink.to_self_room, sizeof sink.to_self_room);
	text_addf(&sink.to_self, "to=\"%s\"", argv[3]);
	if (!listen_at(&sink, argv[1], port)) {
		perror("xmpp_sink");
		return 1;
	}
	run(&sink);
	hang_up(&sink);
	(void)close(sink.listener);
	return 0;
}
