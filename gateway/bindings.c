#include "gateway/bindings.h"

#include <stdlib.h>

#include "enum/tel.h"
#include "gateway/key_table.h"
#include "routing/jid.h"

/** What a fact is about; the first part of its key. */
#define KNOWN_AS "known-as" /* number, JID: the number the JID goes by */
#define THREAD	 "thread"   /* number, JID, Call-ID */
#define WROTE	 "wrote"    /* number, JID: the JID wrote to the number */

struct bindings {
	struct key_table *facts;
	bool by_number;
};

/** The two ends of a conversation. */
struct pair {
	char number[E164_SIZE];
	char jid[JID_SIZE]; /* bare */
};

enum gateway_status bindings_create(struct loop *loop, int64_t age_ms,
				    bool by_number,
				    struct bindings **bindings_out)
{
	struct bindings *b = calloc(1, sizeof *b);

	*bindings_out = b;
	if (b && key_table_create(loop, BINDINGS_MAX, age_ms, &b->facts) ==
			 GATEWAY_OK) {
		b->by_number = by_number;
		return GATEWAY_OK;
	}
	bindings_destroy(bindings_out);
	return GATEWAY_NO_MEMORY;
}

void bindings_destroy(struct bindings **bindings)
{
	if (*bindings)
		key_table_destroy(&(*bindings)->facts);
	free(*bindings);
	*bindings = NULL;
}

/* Facts. Without memory for a key there is none. */

static bool make_key(const char *about, const struct pair *pair,
		     const char *call_id, unsigned char key[MESSAGE_KEY_SIZE])
{
	const char *parts[] = { about, pair->number, pair->jid, call_id };

	return message_key(parts, sizeof parts / sizeof parts[0], key);
}

static void learn(struct bindings *b, const char *about,
		  const struct pair *pair, const char *call_id,
		  const char *number)
{
	unsigned char key[MESSAGE_KEY_SIZE];

	if (make_key(about, pair, call_id, key))
		key_table_put(b->facts, key, number);
}

static const char *known(struct bindings *b, const char *about,
			 const struct pair *pair, const char *call_id)
{
	unsigned char key[MESSAGE_KEY_SIZE];

	return make_key(about, pair, call_id, key)
		       ? key_table_find(b->facts, key)
		       : NULL;
}

/* The ends of a message. Somebody anonymous has none (SEC-13). */

static bool number_of_sip(const struct message *m, char number[E164_SIZE])
{
	const char *from = m->asserted ? m->asserted : m->from;

	return !m->anonymous &&
	       jid_sender_number(span_of(from), number, E164_SIZE) == ROUTE_OK;
}

static bool pair_of_sip(const struct message *m, const char *jid,
			struct pair *pair)
{
	return number_of_sip(m, pair->number) &&
	       span_copy(span_of(jid), pair->jid, sizeof pair->jid);
}

static bool pair_of_xmpp(const struct message *m, struct pair *pair)
{
	struct text bare;
	struct jid jid;

	if (jid_parse(span_of(m->from), &jid) != ROUTE_OK)
		return false;
	text_init(&bare, pair->jid, sizeof pair->jid);
	jid_write(&jid, false, &bare);
	return span_copy(span_of(m->target), pair->number, sizeof pair->number);
}

/* The number that a sender used, or "" for an address of another kind: then
 * the answer shows the JID again. */
static void used_number(const struct message *m, char number[E164_SIZE])
{
	struct tel tel;

	number[0] = '\0';
	if (m->kind == PLAN_NUMBER &&
	    tel_parse(span_of(m->target), &tel) == ENUM_OK)
		(void)span_copy(span_of(tel.number), number, E164_SIZE);
}

void bindings_note(struct bindings *bindings, const struct message *message,
		   const struct hop *hop)
{
	char used[E164_SIZE];
	struct pair pair;

	if (message->origin == PROTOCOL_XMPP) {
		if (pair_of_xmpp(message, &pair))
			learn(bindings, WROTE, &pair, NULL, "");
	} else if (hop->protocol == PROTOCOL_XMPP &&
		   pair_of_sip(message, hop->recipient, &pair)) {
		used_number(message, used);
		learn(bindings, KNOWN_AS, &pair, NULL, used);
		learn(bindings, THREAD, &pair, message->call_id, "");
	}
}

void bindings_recall(struct bindings *bindings, struct message *message)
{
	const char *number = NULL;
	struct pair pair;

	if (message->origin != PROTOCOL_XMPP || !pair_of_xmpp(message, &pair))
		return;
	if (bindings->by_number)
		number = known(bindings, KNOWN_AS, &pair, NULL);
	(void)span_copy(span_of(number), message->from_number,
			sizeof message->from_number);
	message->own_thread = message->thread &&
			      known(bindings, THREAD, &pair, message->thread);
}

bool bindings_permit(struct bindings *bindings, const struct message *message)
{
	struct pair pair;

	return pair_of_sip(message, message->target, &pair) &&
	       known(bindings, WROTE, &pair, NULL);
}
