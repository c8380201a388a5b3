#include "gateway/xmpp/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/siphash.h"
#include "routing/jid.h"

#define CHAINS 1024 /* a power of two */

/** Both ends of a conversation: bare JIDs, prepared. */
struct ends {
	char user[JID_SIZE], us[JID_SIZE];
};

struct conversation {
	struct conversation *next; /* in the chain */
	struct conversation *newer, *older;
	struct conversations *table;
	size_t chain;
	int64_t heard_ms; /* last word of the user */
	/* to the user */
	enum chatstate told;	  /* last */
	struct loop_timer *timer; /* of the typing; runs while told so */
	/* from the user */
	bool typing;		/* the other one was told so */
	int64_t quiet_until_ms; /* he is not told so again before */
	char *user, *us;
};

struct conversations {
	struct loop *loop;
	conversation_tell_fn *tell;
	void *arg;
	unsigned char secret[SIPHASH_KEY_SIZE];
	size_t count;
	struct conversation *newest, *oldest;
	struct conversation *chains[CHAINS];
};

enum gateway_status
conversations_create(struct loop *loop, conversation_tell_fn *tell, void *arg,
		     struct conversations **conversations_out)
{
	struct conversations *table = calloc(1, sizeof *table);

	*conversations_out = table;
	if (!table)
		return GATEWAY_NO_MEMORY;
	table->loop = loop;
	table->tell = tell;
	table->arg = arg;
	loop_random(loop, table->secret, sizeof table->secret);
	return GATEWAY_OK;
}

size_t conversations_count(const struct conversations *conversations)
{
	return conversations->count;
}

/* The list in the order of the last word. */

static void list_add(struct conversation *c)
{
	struct conversations *table = c->table;

	c->newer = NULL;
	c->older = table->newest;
	if (c->older)
		c->older->newer = c;
	else
		table->oldest = c;
	table->newest = c;
}

static void list_remove(struct conversation *c)
{
	struct conversations *table = c->table;

	if (c->newer)
		c->newer->older = c->older;
	else
		table->newest = c->older;
	if (c->older)
		c->older->newer = c->newer;
	else
		table->oldest = c->newer;
}

static void forget(struct conversation *c)
{
	struct conversation **link = &c->table->chains[c->chain];

	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	list_remove(c);
	c->table->count--;
	loop_timer_destroy(&c->timer);
	free(c);
}

static void forget_old(struct conversations *table)
{
	const int64_t now_ms = loop_now_ms(table->loop);

	while (table->oldest &&
	       table->oldest->heard_ms + CONVERSATION_AGE_MS <= now_ms)
		forget(table->oldest);
}

void conversations_destroy(struct conversations **conversations)
{
	struct conversations *table = *conversations;

	if (!table)
		return;
	while (table->oldest)
		forget(table->oldest);
	free(table);
	*conversations = NULL;
}

static bool read_bare(const char *text, char out[JID_SIZE])
{
	struct text bare;
	struct jid jid;

	if (jid_parse(span_of(text), &jid) != ROUTE_OK)
		return false;
	text_init(&bare, out, JID_SIZE);
	jid_write(&jid, false, &bare);
	return true;
}

static bool read_ends(const char *user, const char *us, struct ends *out)
{
	return read_bare(user, out->user) && read_bare(us, out->us);
}

static size_t chain_of(const struct conversations *table,
		       const struct ends *ends)
{
	const uint64_t user =
		siphash(table->secret, ends->user, strlen(ends->user));
	const uint64_t us = siphash(table->secret, ends->us, strlen(ends->us));

	return (size_t)((user + 3 * us) & (CHAINS - 1));
}

static struct conversation *find(struct conversations *table, const char *user,
				 const char *us)
{
	struct conversation *c;
	struct ends ends;

	forget_old(table);
	if (table->count == 0 || !read_ends(user, us, &ends))
		return NULL;
	c = table->chains[chain_of(table, &ends)];
	while (c &&
	       (strcmp(c->user, ends.user) != 0 || strcmp(c->us, ends.us) != 0))
		c = c->next;
	return c;
}

/* RCPT-11: without a word in time the typing is over. */
static void on_timer(void *arg)
{
	struct conversation *c = arg;
	struct conversations *table = c->table;

	c->told = table->tell(c->us, c->user, CHATSTATE_ACTIVE, table->arg)
			  ? CHATSTATE_ACTIVE
			  : CHATSTATE_NONE;
}

/* @return NULL: out of memory */
static struct conversation *conversation_create(struct conversations *table,
						const struct ends *ends)
{
	const size_t user = strlen(ends->user) + 1, us = strlen(ends->us) + 1;
	struct conversation *c = calloc(1, sizeof *c + user + us);

	if (!c)
		return NULL;
	if (loop_timer_create(table->loop, on_timer, c, &c->timer) != ENUM_OK) {
		free(c);
		return NULL;
	}
	c->table = table;
	c->user = memcpy(c + 1, ends->user, user);
	c->us = memcpy(c->user + user, ends->us, us);
	return c;
}

static struct conversation *add(struct conversations *table, const char *user,
				const char *us)
{
	struct conversation *c;
	struct ends ends;

	if (!read_ends(user, us, &ends))
		return NULL;
	if (table->count == CONVERSATION_MAX)
		forget(table->oldest);
	c = conversation_create(table, &ends);
	if (!c)
		return NULL;
	c->chain = chain_of(table, &ends);
	c->next = table->chains[c->chain];
	table->chains[c->chain] = c;
	table->count++;
	list_add(c);
	return c;
}

/* The user has shown that he knows chat states. */
static struct conversation *hear(struct conversations *table, const char *user,
				 const char *us)
{
	struct conversation *c = find(table, user, us);

	if (!c)
		c = add(table, user, us);
	if (!c)
		return NULL;
	c->heard_ms = loop_now_ms(table->loop);
	list_remove(c);
	list_add(c);
	return c;
}

static void end(struct conversations *table, const char *user, const char *us)
{
	struct conversation *c = find(table, user, us);

	if (c)
		forget(c);
}

void conversations_heard_text(struct conversations *conversations,
			      const char *user, const char *us,
			      enum chatstate state)
{
	struct conversation *c;

	if (state == CHATSTATE_NONE || state == CHATSTATE_GONE) {
		end(conversations, user, us);
		return;
	}
	c = hear(conversations, user, us);
	if (!c)
		return;
	c->typing = false;
	c->quiet_until_ms = 0;
}

bool conversations_heard_state(struct conversations *conversations,
			       const char *user, const char *us,
			       enum chatstate state)
{
	const int64_t now_ms = loop_now_ms(conversations->loop);
	struct conversation *c;
	bool was_typing;

	if (state == CHATSTATE_GONE)
		end(conversations, user, us);
	if (state == CHATSTATE_GONE || state == CHATSTATE_NONE)
		return false;
	c = hear(conversations, user, us);
	if (!c)
		return false;
	if (state != CHATSTATE_COMPOSING) {
		was_typing = c->typing;
		c->typing = false;
		return was_typing;
	}
	if (now_ms < c->quiet_until_ms)
		return false;
	c->typing = true;
	c->quiet_until_ms = now_ms + ISCOMPOSING_REFRESH_S * 1000;
	return true;
}

static void show_typing(struct conversation *c, unsigned refresh_s)
{
	struct conversations *table = c->table;

	if (c->told != CHATSTATE_COMPOSING &&
	    !table->tell(c->us, c->user, CHATSTATE_COMPOSING, table->arg))
		return;
	c->told = CHATSTATE_COMPOSING;
	loop_timer_set(c->timer, refresh_s * INT64_C(1000));
}

void conversations_show(struct conversations *conversations, const char *user,
			const char *us, const struct iscomposing *what)
{
	struct conversation *c = find(conversations, user, us);

	if (!c)
		return;
	if (what->active) {
		show_typing(c, what->refresh_s);
	} else if (c->told != CHATSTATE_ACTIVE) {
		loop_timer_clear(c->timer);
		on_timer(c);
	}
}

enum chatstate conversations_show_text(struct conversations *conversations,
				       const char *user, const char *us)
{
	struct conversation *c = find(conversations, user, us);

	if (!c)
		return CHATSTATE_NONE;
	loop_timer_clear(c->timer);
	c->told = CHATSTATE_ACTIVE;
	return CHATSTATE_ACTIVE;
}
