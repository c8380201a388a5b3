#include "gateway/bindings.h"

#include <stdlib.h>
#include <string.h>

#include "enum/tel.h"
#include "gateway/key_table.h"
#include "routing/jid.h"

/** What a fact is about; the first part of its key. */
#define KNOWN_AS "known-as" /* number, JID: the number the JID goes by */
#define THREAD	 "thread"   /* number, JID, Call-ID */
#define WROTE	 "wrote"    /* number, JID: the JID wrote to the number */

/** What was found in the store is believed for so long before it is asked
 *  again, and of so many. */
#define FOUND_MS  60000
#define FOUND_MAX 4096

/** A fact that holds on is written again after this part of its age. */
#define WRITE_AGAIN 4

#define KIND	    "binding"

/** A key in hexadecimal digits: the name of a note. */
#define NAME_SIZE (2 * MESSAGE_KEY_SIZE + 1)

/** In the store for "no number"; a note is never empty. */
#define NO_NUMBER "-"

struct bindings {
	struct loop *loop;
	struct bindings_options options;
	struct key_table *facts;
	struct key_table *written; /* of them, to the store and lately */
	struct key_table *found;   /* in the store */
};

struct bindings_look {
	struct bindings *bindings;
	struct notes_look *look;
	unsigned char key[MESSAGE_KEY_SIZE];
	void (*done)(void *arg);
	void *arg;
};

/** The two ends of a conversation. */
struct pair {
	char number[E164_SIZE];
	char jid[JID_SIZE]; /* bare */
};

enum gateway_status bindings_create(struct loop *loop,
				    const struct bindings_options *options,
				    struct bindings **bindings_out)
{
	struct bindings *b = calloc(1, sizeof *b);
	const int64_t age_ms = options->age_ms;

	*bindings_out = b;
	if (!b)
		return GATEWAY_NO_MEMORY;
	b->loop = loop;
	b->options = *options;
	if (key_table_create(loop, BINDINGS_MAX, age_ms, &b->facts) ==
		    GATEWAY_OK &&
	    key_table_create(loop, BINDINGS_MAX, age_ms / WRITE_AGAIN,
			     &b->written) == GATEWAY_OK &&
	    key_table_create(loop, FOUND_MAX,
			     age_ms < FOUND_MS ? age_ms : FOUND_MS,
			     &b->found) == GATEWAY_OK)
		return GATEWAY_OK;
	bindings_destroy(bindings_out);
	return GATEWAY_NO_MEMORY;
}

void bindings_destroy(struct bindings **bindings)
{
	struct bindings *b = *bindings;

	if (!b)
		return;
	key_table_destroy(&b->facts);
	key_table_destroy(&b->written);
	key_table_destroy(&b->found);
	free(b);
	*bindings = NULL;
}

/* Facts. Without memory for a key there is none. */

static bool make_key(const char *about, const struct pair *pair,
		     const char *call_id, unsigned char key[MESSAGE_KEY_SIZE])
{
	const char *parts[] = { about, pair->number, pair->jid, call_id };

	return message_key(parts, sizeof parts / sizeof parts[0], key);
}

static void write_name(const unsigned char key[MESSAGE_KEY_SIZE],
		       char out[NAME_SIZE])
{
	struct text text;

	text_init(&text, out, NAME_SIZE);
	for (size_t i = 0; i < MESSAGE_KEY_SIZE; i++)
		text_addf(&text, "%02x", key[i]);
}

/* Not with each message: when it is new, and now and then. */
static void save(struct bindings *b, const unsigned char key[MESSAGE_KEY_SIZE],
		 const char *number)
{
	const char *written = key_table_find(b->written, key);
	char name[NAME_SIZE];

	if (!notes_are_kept(b->options.notes) || b->options.age_ms == 0 ||
	    (written && strcmp(written, number) == 0))
		return;
	key_table_put(b->written, key, number);
	write_name(key, name);
	notes_write(b->options.notes, KIND, name,
		    span_of(*number ? number : NO_NUMBER),
		    loop_wall_ms(b->loop) + b->options.age_ms);
}

static void learn(struct bindings *b, const char *about,
		  const struct pair *pair, const char *call_id,
		  const char *number)
{
	unsigned char key[MESSAGE_KEY_SIZE];

	if (!make_key(about, pair, call_id, key))
		return;
	key_table_put(b->facts, key, number);
	if (!call_id)
		save(b, key, number);
}

static const char *find(const struct bindings *b,
			const unsigned char key[MESSAGE_KEY_SIZE])
{
	const char *number = key_table_find(b->facts, key);

	return number ? number : key_table_find(b->found, key);
}

static const char *known(struct bindings *b, const char *about,
			 const struct pair *pair, const char *call_id)
{
	unsigned char key[MESSAGE_KEY_SIZE];

	return make_key(about, pair, call_id, key) ? find(b, key) : NULL;
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

/* A failure that we tell in a text: its sender wrote nothing. */
static bool is_from_us(const struct message *m)
{
	return m->purpose == MESSAGE_REPORT && !m->report_of;
}

void bindings_note(struct bindings *bindings, const struct message *message,
		   const struct hop *hop)
{
	char used[E164_SIZE];
	struct pair pair;

	if (message->origin == PROTOCOL_XMPP) {
		if (!is_from_us(message) && pair_of_xmpp(message, &pair))
			learn(bindings, WROTE, &pair, NULL, "");
	} else if (hop->protocol == PROTOCOL_XMPP &&
		   message->purpose == MESSAGE_TEXT &&
		   pair_of_sip(message, hop->recipient, &pair)) {
		used_number(message, used);
		if (bindings->options.by_number)
			learn(bindings, KNOWN_AS, &pair, NULL, used);
		learn(bindings, THREAD, &pair, message->call_id, "");
	}
}

/* The one fact that a message cannot do without. @return false: none */
static bool needed_key(const struct bindings *b, const struct message *m,
		       unsigned char key[MESSAGE_KEY_SIZE])
{
	struct pair pair;

	if (m->origin == PROTOCOL_XMPP)
		return b->options.by_number && pair_of_xmpp(m, &pair) &&
		       make_key(KNOWN_AS, &pair, NULL, key);
	return m->kind == PLAN_JID && pair_of_sip(m, m->target, &pair) &&
	       make_key(WROTE, &pair, NULL, key);
}

static void got_note(struct span value, void *arg)
{
	struct bindings_look *look = arg;
	void (*done)(void *) = look->done;
	void *caller = look->arg;
	char number[E164_SIZE];

	if (span_is(value, NO_NUMBER))
		key_table_put(look->bindings->found, look->key, "");
	else if (value.len > 0 && span_copy(value, number, sizeof number))
		key_table_put(look->bindings->found, look->key, number);
	free(look);
	done(caller);
}

bool bindings_ask(struct bindings *bindings, const struct message *message,
		  void (*done)(void *arg), void *arg,
		  struct bindings_look **look_out)
{
	struct bindings_look *look;
	unsigned char key[MESSAGE_KEY_SIZE];
	char name[NAME_SIZE];

	*look_out = NULL;
	if (!notes_are_kept(bindings->options.notes) ||
	    !needed_key(bindings, message, key) || find(bindings, key))
		return false;
	look = calloc(1, sizeof *look);
	if (!look)
		return false;
	*look = (struct bindings_look){ bindings, .done = done, .arg = arg };
	memcpy(look->key, key, sizeof look->key);
	write_name(key, name);
	if (!notes_ask(bindings->options.notes, KIND, name, got_note, look,
		       &look->look)) {
		free(look);
		return false;
	}
	*look_out = look;
	return true;
}

void bindings_cancel(struct bindings_look **look)
{
	if (*look)
		notes_cancel(&(*look)->look);
	free(*look);
	*look = NULL;
}

void bindings_recall(struct bindings *bindings, struct message *message)
{
	const char *number = NULL;
	struct pair pair;

	if (message->origin != PROTOCOL_XMPP || !pair_of_xmpp(message, &pair))
		return;
	if (bindings->options.by_number)
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
