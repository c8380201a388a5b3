#define _POSIX_C_SOURCE 200809L /* strdup */

#include "enum/dns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <arpa/nameser.h>

#include "enum/dns_channel.h"

/* Connections at a time. More questions for large answers wait. */
#define STREAMS_MAX 64

struct queue {
	TAILQ_HEAD(, dns_query) queries;
	size_t count;
};

/* A question is asked on `first`. If it was refused there it is asked again
 * on `careful`: see refused(). If its answer is too large for a datagram it is
 * asked on a connection of its own. */
struct dns {
	struct loop *loop;
	char *servers;
	struct dns_options options;
	struct dns_channel *first, *careful;
	bool believe_ad;
	struct queue waiting, in_flight, large, ready;
	size_t streams;
	struct loop_timer *turn; /* hands out answers */
};

/* One question, always in one of the four queues. A cancelled one that is in
 * flight stays as an orphan, because the channel cannot forget it. */
struct dns_query {
	TAILQ_ENTRY(dns_query) link;
	struct queue *queue;
	struct dns *dns;
	struct dns_channel *stream; /* or NULL */
	enum dns_type type;
	struct dns_answer *answer; /* made early, for when memory is out */
	bool asked_again;
	dns_answer_fn *done; /* NULL: an orphan */
	void *arg;
	char name[];
};

/* --- queues ----------------------------------------------------------- */

static void queue_init(struct queue *queue)
{
	TAILQ_INIT(&queue->queries);
	queue->count = 0;
}

static void enqueue(struct queue *queue, struct dns_query *query)
{
	query->queue = queue;
	queue->count++;
	TAILQ_INSERT_TAIL(&queue->queries, query, link);
}

static void dequeue(struct dns_query *query)
{
	query->queue->count--;
	TAILQ_REMOVE(&query->queue->queries, query, link);
}

static void query_free(struct dns_query *query)
{
	dequeue(query);
	if (query->stream)
		query->dns->streams--;
	dns_channel_close(&query->stream);
	dns_answer_drop(&query->answer);
	free(query);
}

static void queue_clear(struct queue *queue)
{
	while (queue->count)
		query_free(TAILQ_FIRST(&queue->queries));
}

/* --- create and destroy ----------------------------------------------- */

static void settle(void *arg);

static enum enum_status open_channel(struct dns *dns,
				     enum dns_channel_kind kind,
				     struct dns_channel **channel_out)
{
	return dns_channel_open(dns->loop, &dns->options, kind, settle, dns,
				channel_out);
}

static enum enum_status open_channels(struct dns *dns)
{
	enum enum_status status =
		loop_timer_create(dns->loop, settle, dns, &dns->turn);

	if (status == ENUM_OK)
		status = open_channel(dns, DNS_CHANNEL_FIRST, &dns->first);
	if (status == ENUM_OK)
		status = open_channel(dns, DNS_CHANNEL_CAREFUL, &dns->careful);
	return status;
}

static enum enum_status keep_options(struct dns *dns,
				     const struct dns_options *options)
{
	dns->servers = strdup(options->servers ? options->servers : "");
	dns->options = *options;
	dns->options.servers = dns->servers;
	return dns->servers ? ENUM_OK : ENUM_NO_MEMORY;
}

enum enum_status dns_create(struct loop *loop,
			    const struct dns_options *options,
			    struct dns **dns_out)
{
	struct dns *dns = calloc(1, sizeof *dns);
	enum enum_status status;

	if (!dns)
		return ENUM_NO_MEMORY;
	dns->loop = loop;
	queue_init(&dns->waiting);
	queue_init(&dns->in_flight);
	queue_init(&dns->large);
	queue_init(&dns->ready);
	status = keep_options(dns, options);
	if (status == ENUM_OK)
		status = open_channels(dns);
	if (status != ENUM_OK) {
		dns_destroy(&dns);
		return status;
	}
	/* ENUM-39: AD says what the resolver found, and means something only
	 * when nobody can stand between it and us */
	dns->believe_ad = options->dnssec && dns_channel_is_local(dns->first);
	*dns_out = dns;
	return ENUM_OK;
}

void dns_destroy(struct dns **dns)
{
	struct dns *d = *dns;
	struct dns_query *query;

	if (!d)
		return;
	/* closing a channel ends each of its questions: all are orphans now */
	TAILQ_FOREACH(query, &d->in_flight.queries, link)
	query->done = NULL;
	dns_channel_close(&d->first);
	dns_channel_close(&d->careful);
	while (d->in_flight.count)
		dns_channel_close(&TAILQ_FIRST(&d->in_flight.queries)->stream);
	queue_clear(&d->waiting);
	queue_clear(&d->large);
	queue_clear(&d->ready);
	loop_timer_destroy(&d->turn);
	free(d->servers);
	free(d);
	*dns = NULL;
}

/* --- asking and answering --------------------------------------------- */

static void send_question(struct dns_channel *channel, struct dns_query *query);

/* Takes the answer over; NULL, when memory is out, changes nothing. */
static void replace_answer(struct dns_query *query, struct dns_answer *answer)
{
	if (!answer)
		return;
	dns_answer_drop(&query->answer);
	query->answer = answer;
}

static void set_status(struct dns_query *query, enum dns_status status)
{
	struct dns_answer *answer;

	if (dns_answer_make(query->type, status, &answer) == ENUM_OK)
		replace_answer(query, answer);
}

static void set_packet(struct dns_query *query, const unsigned char *packet,
		       size_t len)
{
	struct dns_answer *answer;

	if (dns_answer_parse(packet, len, query->name, query->type,
			     query->dns->believe_ad, &answer) == ENUM_OK)
		replace_answer(query, answer);
}

/* Was that a refusal, and can asking once more help? Without OPT, when the
 * server seems not to know it (ENUM-35); another server, if there is one,
 * when this one fails. `careful` does both, but keeps refusals to itself. */
static bool refused(const struct dns_query *query)
{
	if (query->asked_again || query->stream)
		return false;
	switch (query->answer->rcode) {
	case ns_r_formerr:
	case ns_r_notimpl: return true;
	case ns_r_servfail:
	case ns_r_refused:
		return dns_channel_server_count(query->dns->first) > 1;
	default: return false;
	}
}

static void got_packet(enum dns_channel_result result,
		       const unsigned char *packet, size_t len, void *arg)
{
	struct dns_query *query = arg;

	dequeue(query);
	if (result == DNS_CHANNEL_TRUNCATED && query->done) {
		enqueue(&query->dns->large, query);
		return;
	}
	if (result == DNS_CHANNEL_PACKET)
		set_packet(query, packet, len);
	else if (result == DNS_CHANNEL_SILENCE && !query->asked_again)
		set_status(query, DNS_TIMEOUT);
	if (query->done && refused(query)) {
		query->asked_again = true;
		send_question(query->dns->careful, query);
		return;
	}
	enqueue(&query->dns->ready, query);
}

static void send_question(struct dns_channel *channel, struct dns_query *query)
{
	enum enum_status status;

	enqueue(&query->dns->in_flight, query);
	status = dns_channel_send(channel, query->name, query->type, got_packet,
				  query);
	if (status == ENUM_OK)
		return;
	/* a name that cannot be asked for does not exist */
	if (status == ENUM_BAD_SYNTAX)
		set_status(query, DNS_NXDOMAIN);
	dequeue(query);
	enqueue(&query->dns->ready, query);
}

static void send_waiting(struct dns *dns)
{
	while (dns->waiting.count && dns->in_flight.count + dns->large.count <
					     dns->options.in_flight_max) {
		struct dns_query *query = TAILQ_FIRST(&dns->waiting.queries);

		dequeue(query);
		send_question(dns->first, query);
	}
}

/* ENUM-35. Not from got_packet: it may be called by the channel at fault. */
static void send_large(struct dns *dns)
{
	while (dns->large.count && dns->streams < STREAMS_MAX) {
		struct dns_query *query = TAILQ_FIRST(&dns->large.queries);

		dequeue(query);
		if (open_channel(dns, DNS_CHANNEL_STREAM, &query->stream) ==
		    ENUM_OK) {
			dns->streams++;
			send_question(query->stream, query);
		} else {
			enqueue(&dns->ready, query);
		}
	}
}

static void hand_out(struct dns_query *query)
{
	struct dns_answer *answer = dns_answer_keep(query->answer);
	dns_answer_fn *done = query->done;
	void *arg = query->arg;

	query_free(query);
	if (done)
		done(answer, arg);
	dns_answer_drop(&answer);
}

/* Hand out what is answered, after sending what waited for its place; a place
 * for a stream is free when its answer is handed out. */
static void settle(void *arg)
{
	struct dns *dns = arg;

	send_waiting(dns);
	while (dns->ready.count)
		hand_out(TAILQ_FIRST(&dns->ready.queries));
	send_large(dns);
	if (dns->ready.count)
		loop_timer_set(dns->turn, 0);
}

static struct dns_query *query_create(struct dns *dns, const char *name,
				      enum dns_type type)
{
	size_t size = strlen(name) + 1;
	struct dns_query *query = malloc(sizeof *query + size);

	if (!query)
		return NULL;
	*query = (struct dns_query){ .dns = dns, .type = type };
	memcpy(query->name, name, size);
	if (dns_answer_make(type, DNS_OVERLOAD, &query->answer) != ENUM_OK) {
		free(query);
		return NULL;
	}
	return query;
}

enum enum_status dns_query_start(struct dns *dns, const char *name,
				 enum dns_type type, dns_answer_fn *done,
				 void *arg, struct dns_query **query_out)
{
	struct dns_query *query = query_create(dns, name, type);

	if (!query)
		return ENUM_NO_MEMORY;
	query->done = done;
	query->arg = arg;
	if (dns->waiting.count < 2 * dns->options.in_flight_max)
		enqueue(&dns->waiting, query);
	else
		enqueue(&dns->ready, query); /* as it is: DNS_OVERLOAD */
	send_waiting(dns);
	if (dns->ready.count)
		loop_timer_set(dns->turn, 0);
	*query_out = query;
	return ENUM_OK;
}

void dns_query_cancel(struct dns_query **query)
{
	struct dns_query *q = *query;

	*query = NULL;
	if (q && q->queue == &q->dns->in_flight)
		q->done = NULL;
	else if (q)
		query_free(q);
}
