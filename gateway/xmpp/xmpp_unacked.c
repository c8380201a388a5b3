#include "gateway/xmpp/xmpp_unacked.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/stanza.h"

/** One ping for all that is written in this time, or for so many. */
#define GATHER_MS  20
#define GATHER_MAX 256

/** The patience of a flush. */
#define FLUSH_MS 2000

/** "ack-" and 20 digits. */
#define ID_SIZE 32

struct waiting {
	uint64_t seq, serial;
};

struct xmppside_unacked {
	struct loop *loop;
	const char *domain;
	struct link *link;
	struct queue *queue;
	struct loop_timer *timer;
	/* a ring, in the order of writing; size is a power of two */
	struct waiting *ring;
	size_t size, first, count;
	struct loop_timer *flush_timer;
	void (*flushed)(void *arg); /* NULL: nobody waits */
	void *flushed_arg;
	bool is_full;	/* the queue has been told to send no more */
	uint64_t asked; /* place of the ping under way, 0: none */
	char id[ID_SIZE];
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
static xmpp_stanza_t *make_ping(struct xmppside_unacked *u)
{
	const struct stanza_address self = { .from = u->domain,
					     .to = u->domain,
					     .id = u->id };
	xmpp_stanza_t *iq =
		stanza_answer(link_context(u->link), "iq", "get", &self);

	(void)stanza_add(iq, "ping", "urn:xmpp:ping");
	return iq;
}

static void ask(void *arg)
{
	struct xmppside_unacked *u = arg;
	struct text id;
	uint64_t random;

	if (u->asked || u->count == 0 || !link_is_up(u->link))
		return;
	loop_random(u->loop, &random, sizeof random);
	text_init(&id, u->id, sizeof u->id);
	text_addf(&id, "ack-%llx", (unsigned long long)random);
	if (link_send(u->link, make_ping(u), &u->asked) != LINK_QUEUED) {
		u->asked = 0;
		loop_timer_set(u->timer, GATHER_MS);
	}
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

static void note_full(struct xmppside_unacked *u)
{
	const bool was_full = u->is_full;

	u->is_full = u->count >= XMPPSIDE_UNACKED_MAX ||
		     (was_full && u->count > XMPPSIDE_UNACKED_MAX / 2);
	if (u->is_full != was_full)
		queue_reachable(u->queue, PROTOCOL_XMPP, was_full);
}

void xmppside_unacked_add(struct xmppside_unacked *u, uint64_t seq,
			  uint64_t serial)
{
	if (serial == 0) {
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
	note_full(u);
	if (u->asked)
		return;
	if (u->count == GATHER_MAX)
		loop_timer_set(u->timer, 0);
	else if (u->count == 1)
		loop_timer_set(u->timer, GATHER_MS);
}

bool xmppside_unacked_take(struct xmppside_unacked *u, xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);
	uint64_t before = u->asked;

	if (!before || !address.id || !address.from ||
	    strcmp(address.id, u->id) != 0 ||
	    !span_is_nocase(span_of(address.from), u->domain))
		return false;
	u->asked = 0;
	while (u->count > 0 && at(u, 0)->serial < before) {
		queue_acknowledged(u->queue, at(u, 0)->seq);
		u->first++;
		u->count--;
	}
	note_full(u);
	if (u->count > 0)
		loop_timer_set(u->timer, GATHER_MS);
	else if (u->flushed)
		loop_timer_set(u->flush_timer, 0);
	return true;
}

void xmppside_unacked_down(struct xmppside_unacked *u)
{
	u->asked = 0;
	u->is_full = false; /* the link is down: it was told so */
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
