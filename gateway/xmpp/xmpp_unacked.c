#include "gateway/xmpp/xmpp_unacked.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/stanza.h"

/** One ping for all that is written in this time, or for so many. */
#define GATHER_MS  20
#define GATHER_MAX 32

/** Pings on their way; a power of two. */
#define PINGS_MAX 16

/** The patience of a flush. */
#define FLUSH_MS 2000

/** "ack-", 16 hexadecimal digits, "-", 10 digits. */
#define ID_SIZE 40

struct waiting {
	uint64_t seq, serial;
};

struct xmppside_unacked {
	struct loop *loop;
	const char *domain;
	struct link *link;
	struct queue *queue;
	struct loop_timer *timer;
	bool is_timed;
	/* a ring, in the order of writing; size is a power of two */
	struct waiting *ring;
	size_t size, first, count;
	struct loop_timer *flush_timer;
	void (*flushed)(void *arg); /* NULL: nobody waits */
	void *flushed_arg;
	/* places in the link: of the last stored message, of the last ping;
	 * where this connection has begun; before which all was taken */
	uint64_t last, pinged, begun, proven;
	bool is_full;		    /* the queue was told to send no more */
	uint64_t token;		    /* nobody else knows the ids of our pings */
	uint32_t next, oldest;	    /* numbers of pings on their way */
	uint64_t places[PINGS_MAX]; /* where they stand */
};

static struct waiting *at(struct xmppside_unacked *u, size_t index)
{
	return &u->ring[(u->first + index) & (u->size - 1)];
}

static bool grow(struct xmppside_unacked *u)
{
	size_t size = u->size ? u->size * 2 : 64;
	struct waiting *ring = malloc(size * sizeof *ring);

	if (!ring)
		return false;
	for (size_t i = 0; i < u->count; i++)
		ring[i] = *at(u, i);
	free(u->ring);
	u->ring = ring;
	u->size = size;
	u->first = 0;
	return true;
}

/* The server routes it back to us, as anything for our domain. */
static xmpp_stanza_t *make_ping(struct xmppside_unacked *u, const char *ident)
{
	const struct stanza_address self = { .from = u->domain,
					     .to = u->domain,
					     .id = ident };
	xmpp_stanza_t *iq =
		stanza_answer(link_context(u->link), "iq", "get", &self);

	(void)stanza_add(iq, "ping", "urn:xmpp:ping");
	return iq;
}

static void set_timer(struct xmppside_unacked *u, int64_t ms)
{
	u->is_timed = true;
	loop_timer_set(u->timer, ms);
}

static void write_id(const struct xmppside_unacked *u, uint32_t number,
		     char id[ID_SIZE])
{
	struct text text;

	text_init(&text, id, ID_SIZE);
	text_addf(&text, "ack-%016llx-%lu", (unsigned long long)u->token,
		  (unsigned long)number);
}

static void ask(void *arg)
{
	struct xmppside_unacked *u = arg;
	char id[ID_SIZE];
	uint64_t place;

	u->is_timed = false;
	if (u->last <= u->pinged || !link_is_up(u->link))
		return;
	write_id(u, u->next, id);
	if (u->next - u->oldest == PINGS_MAX ||
	    link_send(u->link, make_ping(u, id), &place) != LINK_QUEUED) {
		set_timer(u, GATHER_MS);
		return;
	}
	u->places[u->next++ % PINGS_MAX] = place;
	u->pinged = place;
}

static void end_flush(void *arg)
{
	struct xmppside_unacked *u = arg;
	void (*flushed)(void *arg) = u->flushed;

	u->flushed = NULL;
	if (flushed)
		flushed(u->flushed_arg);
}

void xmppside_unacked_flush(struct xmppside_unacked *unacked,
			    void (*done)(void *arg), void *arg)
{
	unacked->flushed = done;
	unacked->flushed_arg = arg;
	loop_timer_set(unacked->flush_timer, unacked->count ? FLUSH_MS : 0);
	ask(unacked);
}

bool xmppside_unacked_has_room(const struct xmppside_unacked *unacked)
{
	return !unacked->is_full;
}

bool xmppside_unacked_is_proven(const struct xmppside_unacked *unacked,
				uint64_t serial)
{
	return serial < unacked->proven;
}

/* Stanzas of this connection of which nothing is known. */
static uint64_t under_way(const struct xmppside_unacked *u)
{
	uint64_t known = u->proven > u->begun ? u->proven : u->begun;

	return u->last > known ? u->last - known : 0;
}

static void note_full(struct xmppside_unacked *u)
{
	const bool was_full = u->is_full;
	const uint64_t count = under_way(u);

	u->is_full = count >= XMPPSIDE_UNACKED_MAX ||
		     (was_full && count > XMPPSIDE_UNACKED_MAX / 2);
	if (u->is_full != was_full)
		queue_reachable(u->queue, PROTOCOL_XMPP, was_full);
}

void xmppside_unacked_wrote(struct xmppside_unacked *u, uint64_t serial)
{
	u->last = serial;
	note_full(u);
	if (serial - u->pinged >= GATHER_MAX)
		set_timer(u, 0);
	else if (!u->is_timed)
		set_timer(u, GATHER_MS);
}

void xmppside_unacked_add(struct xmppside_unacked *u, uint64_t seq,
			  uint64_t serial)
{
	if (serial < u->proven) {
		queue_acknowledged(u->queue, seq);
		return;
	}
	/* the link may have broken before its writer could say so: the next
	 * one proves nothing about it. Without memory: it is sent again */
	if (!link_is_up(u->link) || (u->count == u->size && !grow(u))) {
		queue_lost(u->queue, seq);
		return;
	}
	*at(u, u->count++) = (struct waiting){ seq, serial };
}

/* @return false: it is none of those on their way */
static bool read_number(const struct xmppside_unacked *u, const char *ident,
			uint32_t *number_out)
{
	char id[ID_SIZE];

	for (*number_out = u->oldest; *number_out != u->next; ++*number_out) {
		write_id(u, *number_out, id);
		if (strcmp(ident, id) == 0)
			return true;
	}
	return false;
}

static void acknowledge(struct xmppside_unacked *u)
{
	while (u->count > 0 && at(u, 0)->serial < u->proven) {
		queue_acknowledged(u->queue, at(u, 0)->seq);
		u->first++;
		u->count--;
	}
	if (u->count == 0 && u->flushed)
		loop_timer_set(u->flush_timer, 0);
}

bool xmppside_unacked_take(struct xmppside_unacked *u, xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);
	uint32_t number;

	if (!address.id || !address.from ||
	    !span_is_nocase(span_of(address.from), u->domain) ||
	    !read_number(u, address.id, &number))
		return false;
	u->proven = u->places[number % PINGS_MAX];
	u->oldest = number + 1;
	acknowledge(u);
	note_full(u);
	return true;
}

void xmppside_unacked_down(struct xmppside_unacked *u)
{
	u->is_full = false; /* the link is down: the queue was told so */
	u->is_timed = false;
	u->oldest = u->next;
	u->begun = u->pinged = u->last;
	loop_timer_clear(u->timer);
	for (; u->count > 0; u->count--, u->first++)
		queue_lost(u->queue, at(u, 0)->seq);
	if (u->flushed)
		loop_timer_set(u->flush_timer, 0);
}

enum gateway_status
xmppside_unacked_create(struct loop *loop, const char *domain,
			struct xmppside_unacked **unacked_out)
{
	struct xmppside_unacked *u = calloc(1, sizeof *u);

	*unacked_out = u;
	if (!u)
		return GATEWAY_NO_MEMORY;
	u->loop = loop;
	u->domain = domain;
	u->proven = 1; /* there is no place 0 */
	loop_random(loop, &u->token, sizeof u->token);
	if (loop_timer_create(loop, ask, u, &u->timer) == ENUM_OK &&
	    loop_timer_create(loop, end_flush, u, &u->flush_timer) == ENUM_OK)
		return GATEWAY_OK;
	xmppside_unacked_destroy(unacked_out);
	return GATEWAY_NO_MEMORY;
}

void xmppside_unacked_connect(struct xmppside_unacked *unacked,
			      struct link *link, struct queue *queue)
{
	unacked->link = link;
	unacked->queue = queue;
}

void xmppside_unacked_destroy(struct xmppside_unacked **unacked)
{
	struct xmppside_unacked *u = *unacked;

	if (!u)
		return;
	loop_timer_destroy(&u->timer);
	loop_timer_destroy(&u->flush_timer);
	free(u->ring);
	free(u);
	*unacked = NULL;
}
