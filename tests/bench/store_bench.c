/** What the store costs: puts messages in and removes them when they are on
 *  disk, and prints CPU per message (all threads, put and finish together),
 *  messages a second and the messages that shared a commit.
 *
 *	store_bench URL MESSAGES IN_FLIGHT [RATE]
 *
 *  With a rate, messages a second, they come evenly in bursts of a
 *  millisecond; without, as fast as IN_FLIGHT at a time allow. "none" as URL
 *  measures the same without a store: what the bench itself costs. Before it
 *  measures it puts in WARM messages as fast as it goes, since a log that is
 *  still growing costs more than one that is written again. */

#define _DEFAULT_SOURCE /* getrusage */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "enum/text.h"
#include "gateway/loop.h"
#include "gateway/store.h"

#define LANES 1000
#define WARM  50000

struct bench {
	struct loop *loop;
	struct store *store;
	struct message *message;
	struct loop_timer *more, *turn;
	unsigned long messages, in_flight, rate;
	unsigned long asked, done, failed, turns;
	bool turned;
	int64_t began_ms;
};

static void got_put(const struct store_put_result *result, void *arg)
{
	struct bench *b = arg;

	if (result->status != STORE_OK)
		b->failed++;
	else if (b->store)
		store_finish(b->store, result->seq);
	if (!b->turned) {
		b->turned = true;
		b->turns++;
		loop_timer_set(b->turn, 0);
	}
	if (++b->done == b->messages)
		loop_stop(b->loop);
	else if (!b->rate)
		loop_timer_set(b->more, 0);
}

static void on_turn(void *arg)
{
	((struct bench *)arg)->turned = false;
}

static bool ask(struct bench *b)
{
	struct store_item item = { .message = b->message,
				   .lane = b->asked % LANES,
				   .via = PROTOCOL_XMPP };
	const struct store_put_result nothing = { .status = STORE_OK };
	struct store_put *put;

	loop_random(b->loop, b->message->key, sizeof b->message->key);
	item.due_ms = loop_wall_ms(b->loop);
	item.expires_ms = item.due_ms + 86400000;
	b->asked++;
	if (!b->store) {
		got_put(&nothing, b);
		return true;
	}
	if (store_put(b->store, &item, got_put, b, &put) == STORE_OK)
		return true;
	b->asked--;
	return false;
}

/* As many as may be asked for by now. */
static unsigned long allowed(const struct bench *b)
{
	int64_t elapsed_ms = loop_now_ms(b->loop) - b->began_ms;
	unsigned long most = b->done + b->in_flight;
	unsigned long by_rate =
		b->rate ? (unsigned long)elapsed_ms * b->rate / 1000 + 1 : most;

	most = by_rate < most ? by_rate : most;
	return most < b->messages ? most : b->messages;
}

static void on_more(void *arg)
{
	struct bench *b = arg;

	while (b->asked < allowed(b) && ask(b))
		;
	if (b->rate && b->asked < b->messages)
		loop_timer_set(b->more, 1);
}

static double cpu_us(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void print(const struct bench *b, double cpu, int64_t elapsed_ms)
{
	double messages = (double)b->messages;

	(void)printf("%lu messages, %lu failed, %.0f/s, %.1f us CPU each, "
		     "%.1f a commit\n",
		     b->messages, b->failed,
		     messages * 1000 / (double)(elapsed_ms ? elapsed_ms : 1),
		     cpu / messages, messages / (double)b->turns);
}

static bool make_message(struct bench *b)
{
	struct message *m = b->message = message_create();
	char body[500];

	memset(body, 'x', sizeof body);
	if (!m)
		return false;
	m->has_key = true;
	(void)snprintf(m->id, sizeof m->id, "AAAAAAAAAAAAAAAAAAAA");
	(void)snprintf(m->peer, sizeof m->peer, "127.0.0.11");
	return !message_set(&m->from, "sip:+12025550199@example.net") &&
	       !message_set(&m->to, "tel:+12025550100") &&
	       !message_set(&m->to_header, "tel:+12025550100") &&
	       !message_set(&m->target, "+12025550100") &&
	       !message_set(&m->call_id, "a84b4c76e66710@example.net") &&
	       !message_set(&m->content_type, "text/plain;charset=UTF-8") &&
	       !message_set_body(m, body, sizeof body);
}

static bool open_all(struct bench *b, const char *url)
{
	const struct store_options options = { .url = url,
					       .node = "bench",
					       .seen_ms = 600000,
					       .lease_ms = 10000,
					       .waiting_max = 100000 };
	char why[200] = "";

	if (!make_message(b) || loop_create(&b->loop) ||
	    loop_timer_create(b->loop, on_more, b, &b->more) ||
	    loop_timer_create(b->loop, on_turn, b, &b->turn))
		return false;
	if (strcmp(url, "none") == 0 || store_open(b->loop, &options, &b->store,
						   why, sizeof why) == STORE_OK)
		return true;
	(void)fprintf(stderr, "%s\n", why);
	return false;
}

static void put_all(struct bench *b, unsigned long messages, unsigned long rate)
{
	b->messages = messages;
	b->rate = rate;
	b->asked = b->done = b->turns = 0;
	b->began_ms = loop_now_ms(b->loop);
	loop_timer_set(b->more, 0);
	loop_run(b->loop);
}

static void run(struct bench *b, unsigned long messages, unsigned long rate)
{
	int64_t elapsed_ms;
	double cpu;

	put_all(b, WARM, 0);
	cpu = cpu_us();
	put_all(b, messages, rate);
	elapsed_ms = loop_now_ms(b->loop) - b->began_ms;
	cpu = cpu_us() - cpu;
	store_close(&b->store, 10000);
	print(b, cpu, elapsed_ms);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	unsigned long messages = 0, rate = 0;
	bool ok = argc >= 4 &&
		  span_number(span_of(argv[2]), 100000000, &messages) &&
		  span_number(span_of(argv[3]), 100000, &b.in_flight) &&
		  (argc < 5 || span_number(span_of(argv[4]), 1000000, &rate));

	if (!ok || !messages || !b.in_flight) {
		(void)fprintf(stderr, "usage: store_bench URL MESSAGES "
				      "IN_FLIGHT [RATE]\n");
		return 64;
	}
	ok = open_all(&b, argv[1]);
	if (ok)
		run(&b, messages, rate);
	loop_timer_destroy(&b.more);
	loop_timer_destroy(&b.turn);
	loop_destroy(&b.loop);
	message_destroy(&b.message);
	return ok && b.failed == 0 ? 0 : 1;
}
