#include "enum/dns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <arpa/nameser.h>

#include "enum/dns_channel.h"

struct queue {
	TAILQ_HEAD(, dns_query) queries;
	size_t count;
};

/* A question is asked on `first`. If it was refused there it is asked again
 * on `careful`: see refused(). */
struct dns {
	struct loop *loop;
	struct dns_channel *first, *careful;
	bool believe_ad;
	size_t in_flight_max;
	struct queue waiting, in_flight, ready;
	struct loop_timer *turn; /* hands out answers */
};

/* One question, always in one of the three queues. A cancelled one that is in
 * flight stays as an orphan, because the channel cannot forget it. */
struct dns_query {
	TAILQ_ENTRY(dns_query) link;
	struct queue *queue;
	struct dns *dns;
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

static enum enum_status open_channels(struct dns *dns,
				      const struct dns_options *options)
{
	enum enum_status status =
		loop_timer_create(dns->loop, settle, dns, &dns->turn);

	if (status == ENUM_OK)
		status = dns_channel_open(dns->loop, options, DNS_CHANNEL_FIRST,
					  settle, dns, &dns->first);
	if (status == ENUM_OK)
		status = dns_channel_open(dns->loop, options,
					  DNS_CHANNEL_CAREFUL, settle, dns,
					  &dns->careful);
	return status;
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
	dns->in_flight_max = options->in_flight_max;
	queue_init(&dns->waiting);
	queue_init(&dns->in_flight);
	queue_init(&dns->ready);
	status = open_channels(dns, options);
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
	queue_clear(&d->waiting);
	queue_clear(&d->ready);
	loop_timer_destroy(&d->turn);
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

	if (!query->done) {
		query_free(query);
		return;
	}
	dequeue(query);
	if (result == DNS_CHANNEL_PACKET)
		set_packet(query, packet, len);
	else if (result == DNS_CHANNEL_SILENCE && !query->asked_again)
		set_status(query, DNS_TIMEOUT);
	if (!query->asked_again && refused(query)) {
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
	while (dns->waiting.count &&
	       dns->in_flight.count < dns->in_flight_max) {
		struct dns_query *query = TAILQ_FIRST(&dns->waiting.queries);

		dequeue(query);
		send_question(dns->first, query);
	}
}

/* Hand out what is answered, after sending what waited for its place. */
static void settle(void *arg)
{
	struct dns *dns = arg;

	send_waiting(dns);
	while (dns->ready.count) {
		struct dns_query *query = TAILQ_FIRST(&dns->ready.queries);
		struct dns_answer *answer = dns_answer_keep(query->answer);
		dns_answer_fn *done = query->done;
		void *done_arg = query->arg;

		query_free(query);
		done(answer, done_arg);
		dns_answer_drop(&answer);
	}
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
	if (dns->waiting.count < 2 * dns->in_flight_max)
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
