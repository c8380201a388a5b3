/** A SIP user agent that sends MESSAGEs to one number at a steady rate, whether
 *  they are answered or not (an open loop), and says what came of them.
 *
 *	sip_load GATEWAY PORT OWN-ADDRESS NUMBER MESSAGES RATE CALLERS
 *
 *  What is not answered is sent again at the times of RFC 3261, 17.1.2.2. The
 *  messages come in bursts of a millisecond, from CALLERS numbers by turns. It
 *  prints one line of name=value; times are from the first sending of a
 *  message to its final. In C, since it shares two cores with what it
 *  measures. */

#define _GNU_SOURCE /* sendmmsg, recvmmsg */

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "enum/text.h"

#define REQUEST_SIZE 1024
#define BODY_SIZE    100
#define BURST	     64
#define SOCKET_SIZE  (8 << 20)

#define US_PER_S     1000000
#define TURN_US	     1000

/* when a request is sent again, since it was first: T1, then doubled up to
 * T2; the end is Timer F */
static const int64_t again_us[] = {
	500000,	  1500000,  3500000,  7500000,	11500000,
	15500000, 19500000, 23500000, 27500000, 31500000,
};

#define AGAIN	   (sizeof again_us / sizeof again_us[0])
#define TIMER_F_US ((int64_t)32 * US_PER_S)

struct sent {
	int64_t sent_us, took_us; /* took_us: 0 while there is no final */
	unsigned code;
};

struct load {
	const char *gateway, *own, *number;
	unsigned long port, messages, rate, callers;
	int socket;
	unsigned own_port;
	uint32_t run; /* tells our answers from those of an earlier one */
	struct sent *sent;
	size_t asked, done, resent;
	size_t again[AGAIN]; /* the next that may be due for each */
	int64_t began_us, ended_us;
	/* what is to be written */
	char requests[BURST][REQUEST_SIZE];
	struct iovec at[BURST];
	struct mmsghdr headers[BURST];
	unsigned ready;
};

static int64_t now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

/* Sending. */

static void flush(struct load *l)
{
	unsigned from = 0;

	while (from < l->ready) {
		int count = sendmmsg(l->socket, l->headers + from,
				     l->ready - from, 0);

		if (count < 0 && errno != EINTR) /* one lost, or ICMP */
			count = 1;
		from += count > 0 ? (unsigned)count : 0;
	}
	l->ready = 0;
}

static void write_request(struct load *l, size_t index, struct text *text)
{
	const unsigned long caller = index % l->callers;

	text_addf(text,
		  "MESSAGE tel:%s SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK-%08x-%zu\r\n"
		  "Max-Forwards: 70\r\n"
		  "From: <tel:+1202555%04lu>;tag=f%zu\r\n"
		  "To: <tel:%s>\r\n"
		  "Call-ID: %08x-%zu@%s\r\n"
		  "CSeq: 1 MESSAGE\r\n"
		  "Content-Type: text/plain\r\n"
		  "Content-Length: %d\r\n\r\n%0*zu",
		  l->number, l->own, l->own_port, l->run, index, 2000 + caller,
		  index, l->number, l->run, index, l->own, BODY_SIZE, BODY_SIZE,
		  index);
}

static void send_request(struct load *l, size_t index)
{
	struct text text;

	text_init(&text, l->requests[l->ready], REQUEST_SIZE);
	write_request(l, index, &text);
	l->at[l->ready].iov_len = text.len;
	if (++l->ready == BURST)
		flush(l);
}

static void send_due(struct load *l, int64_t now)
{
	int64_t elapsed = now - l->began_us;
	size_t due = (size_t)(elapsed * (int64_t)l->rate / US_PER_S) + 1;

	if (due > l->messages)
		due = l->messages;
	while (l->asked < due) {
		l->sent[l->asked].sent_us = now;
		send_request(l, l->asked++);
	}
}

/* Each delay has a place in the row of messages, which came in their time. */
static void send_again(struct load *l, int64_t now)
{
	for (size_t i = 0; i < AGAIN; i++)
		for (; l->again[i] < l->asked; l->again[i]++) {
			const struct sent *sent = &l->sent[l->again[i]];

			if (sent->sent_us + again_us[i] > now)
				break;
			if (sent->took_us)
				continue;
			send_request(l, l->again[i]);
			l->resent++;
		}
}

/* Receiving. */

/* The index stands in the branch, which comes back as it is. */
static bool find_index(const struct load *l, const char *answer,
		       size_t *index_out)
{
	const char *branch = strstr(answer, "branch=z9hG4bK-");
	unsigned run = 0;

	return branch &&
	       sscanf(branch, "branch=z9hG4bK-%8x-%zu", &run, index_out) == 2 &&
	       run == l->run && *index_out < l->asked;
}

static void take_answer(struct load *l, const char *answer, int64_t now)
{
	unsigned code = 0;
	size_t index;

	if (sscanf(answer, "SIP/2.0 %3u", &code) != 1 || code < 200 ||
	    !find_index(l, answer, &index) || l->sent[index].took_us)
		return;
	l->sent[index].code = code;
	l->sent[index].took_us = now - l->sent[index].sent_us + 1;
	l->done++;
}

static void receive(struct load *l)
{
	static char room[BURST][REQUEST_SIZE];
	struct iovec at[BURST];
	struct mmsghdr headers[BURST];
	int count;

	for (int i = 0; i < BURST; i++) {
		at[i] = (struct iovec){ room[i], REQUEST_SIZE - 1 };
		headers[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &at[i],
							    .msg_iovlen = 1 } };
	}
	do {
		int64_t now = now_us();

		count = recvmmsg(l->socket, headers, BURST, MSG_DONTWAIT, NULL);
		for (int i = 0; i < count; i++) {
			room[i][headers[i].msg_len] = '\0';
			take_answer(l, room[i], now);
		}
	} while (count == BURST);
}

static void run(struct load *l)
{
	const struct timespec turn = { 0, TURN_US * 1000 };
	int64_t now = l->began_us = now_us();

	while (l->done < l->messages) {
		send_due(l, now);
		send_again(l, now);
		flush(l);
		/* answers are collected for a turn: each wake-up costs */
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &turn, NULL);
		receive(l);
		now = now_us();
		if (l->asked == l->messages &&
		    now - l->sent[l->asked - 1].sent_us > TIMER_F_US)
			break;
	}
	l->ended_us = now;
}

/* What came of it. */

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static double ms_of(const int64_t *times, size_t count, unsigned percent)
{
	size_t at = count * percent / 100;

	if (count == 0)
		return 0;
	return (double)times[at < count ? at : count - 1] / 1000;
}

static size_t count_accepted(const struct load *l)
{
	size_t accepted = 0;

	for (size_t i = 0; i < l->asked; i++)
		accepted += l->sent[i].code / 100 == 2;
	return accepted;
}

static void print(const struct load *l)
{
	int64_t *times = calloc(l->messages, sizeof *times);
	size_t accepted = count_accepted(l), count = 0;
	double seconds = (double)(l->ended_us - l->began_us) / US_PER_S;

	for (size_t i = 0; times && i < l->asked; i++)
		if (l->sent[i].took_us)
			times[count++] = l->sent[i].took_us;
	if (count)
		qsort(times, count, sizeof *times, by_time);
	(void)printf("sent=%zu accepted=%zu refused=%zu unanswered=%zu "
		     "resent=%zu rate=%.0f p50_ms=%.1f p99_ms=%.1f "
		     "max_ms=%.1f\n",
		     l->asked, accepted, l->done - accepted, l->asked - l->done,
		     l->resent, (double)accepted / seconds,
		     ms_of(times, count, 50), ms_of(times, count, 99),
		     ms_of(times, count, 100));
	free(times);
}

/* Its life. */

static bool make_address(const char *host, unsigned long port,
			 struct sockaddr_in *address)
{
	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_port = htons((uint16_t)port) };
	return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

static bool open_socket(struct load *l)
{
	struct sockaddr_in own, gateway;
	socklen_t size = sizeof own;
	const int octets = SOCKET_SIZE;

	l->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)setsockopt(l->socket, SOL_SOCKET, SO_RCVBUFFORCE, &octets,
			 sizeof octets);
	if (!make_address(l->own, 0, &own) ||
	    !make_address(l->gateway, l->port, &gateway) ||
	    bind(l->socket, (struct sockaddr *)&own, sizeof own) < 0 ||
	    connect(l->socket, (struct sockaddr *)&gateway, sizeof gateway) < 0)
		return false;
	(void)getsockname(l->socket, (struct sockaddr *)&own, &size);
	l->own_port = ntohs(own.sin_port);
	return true;
}

static bool prepare(struct load *l)
{
	for (int i = 0; i < BURST; i++) {
		l->at[i].iov_base = l->requests[i];
		l->headers[i].msg_hdr.msg_iov = &l->at[i];
		l->headers[i].msg_hdr.msg_iovlen = 1;
	}
	l->sent = calloc(l->messages, sizeof *l->sent);
	return l->sent && open_socket(l) &&
	       getrandom(&l->run, sizeof l->run, 0) == sizeof l->run;
}

static bool read_arguments(struct load *l, int argc, char **argv)
{
	if (argc != 8)
		return false;
	l->gateway = argv[1];
	l->own = argv[3];
	l->number = argv[4];
	return span_number(span_of(argv[2]), 65535, &l->port) &&
	       span_number(span_of(argv[5]), 10000000, &l->messages) &&
	       span_number(span_of(argv[6]), 100000, &l->rate) &&
	       span_number(span_of(argv[7]), 7999, &l->callers) &&
	       l->messages && l->rate && l->callers;
}

int main(int argc, char **argv)
{
	static struct load load;

	if (!read_arguments(&load, argc, argv)) {
		(void)fprintf(stderr, "usage: sip_load GATEWAY PORT "
				      "OWN-ADDRESS NUMBER MESSAGES RATE "
				      "CALLERS\n");
		return 64;
	}
	if (!prepare(&load)) {
		perror("sip_load");
		return 1;
	}
	run(&load);
	print(&load);
	free(load.sent);
	return 0;
}
