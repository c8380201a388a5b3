#include "tests/fake/side_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/fake.h"

#define ATTEMPTS_MAX 64

struct side_fake {
	struct side side; /* first: the middle's pointer is ours */
	struct attempt *open[ATTEMPTS_MAX];
	unsigned cancelled, failed;
	int failed_code; /* of the last one */
};

struct origin {
	struct side_fake_answer *answer;
};

struct origin *side_fake_origin(struct side_fake_answer *answer)
{
	struct origin *origin = fake_alloc(sizeof *origin);

	origin->answer = answer;
	return origin;
}

static struct side_fake *fake_of(struct side *side)
{
	return (struct side_fake *)(void *)side;
}

static void open_attempt(struct side *side, struct attempt *attempt)
{
	struct side_fake *fake = fake_of(side);

	for (size_t i = 0; i < ATTEMPTS_MAX; i++)
		if (!fake->open[i]) {
			fake->open[i] = attempt;
			return;
		}
	fake_abort("%s: too many attempts", side->name);
}

static void close_attempt(struct side_fake *fake, struct attempt *attempt)
{
	for (size_t i = 0; i < ATTEMPTS_MAX; i++)
		if (fake->open[i] == attempt) {
			fake->open[i] = NULL;
			return;
		}
	fake_abort("%s: this attempt is not open", fake->side.name);
}

static void cancel(struct side *side, struct attempt *attempt)
{
	close_attempt(fake_of(side), attempt);
	fake_of(side)->cancelled++;
}

static void answer(struct side *side, struct origin *origin,
		   const struct message *message, const struct outcome *outcome)
{
	(void)side;
	(void)message;
	origin->answer->count++;
	origin->answer->outcome = *outcome;
	origin->answer->has_wire = outcome->wire != NULL;
	free(origin);
}

/* Called failure-of-NAME, to the sender, back by the side he came from. */
static struct message *make_notice(const struct message *m)
{
	bool is_sip = m->origin == PROTOCOL_SIP;
	struct message *notice = message_create();
	char name[80];

	(void)snprintf(name, sizeof name, "failure-of-%s",
		       is_sip ? m->call_id : m->stanza_id);
	notice->origin = is_sip ? PROTOCOL_XMPP : PROTOCOL_SIP;
	notice->purpose = MESSAGE_REPORT;
	notice->kind = is_sip ? PLAN_REPLY : PLAN_JID;
	if (message_set(is_sip ? &notice->stanza_id : &notice->call_id, name) ||
	    message_set(&notice->from, m->to) ||
	    message_set(&notice->to, m->from) ||
	    message_set(&notice->target, is_sip ? m->from + 4 : m->from) ||
	    message_set_failure_key(notice, m->id))
		fake_abort("out of memory");
	return notice;
}

static void failed(struct side *side, const struct message *message,
		   const struct outcome *outcome, side_notice_fn *done,
		   void *arg)
{
	struct side_fake *fake = fake_of(side);

	fake->failed++;
	fake->failed_code = outcome->code;
	done(GATEWAY_OK, make_notice(message), arg);
}

struct side_fake *side_fake_create(const char *name)
{
	struct side_fake *fake = fake_alloc(sizeof *fake);

	fake->side =
		(struct side){ name, open_attempt, cancel, answer, failed };
	return fake;
}

void side_fake_destroy(struct side_fake **fake)
{
	if (!*fake)
		return;
	for (size_t i = 0; i < ATTEMPTS_MAX; i++)
		if ((*fake)->open[i])
			fake_abort("%s: an attempt is left open",
				   (*fake)->side.name);
	free(*fake);
	*fake = NULL;
}

struct side *side_fake_side(struct side_fake *fake)
{
	return &fake->side;
}

static bool is_called(const struct message *message, const char *name)
{
	const char *is = message->origin == PROTOCOL_SIP ? message->call_id
							 : message->stanza_id;

	return is && strcmp(is, name) == 0;
}

struct attempt *side_fake_attempt(const struct side_fake *fake,
				  const char *name)
{
	for (size_t i = 0; i < ATTEMPTS_MAX; i++)
		if (fake->open[i] && is_called(fake->open[i]->message, name))
			return fake->open[i];
	return NULL;
}

void side_fake_report(struct side_fake *fake, struct attempt *attempt,
		      const struct outcome *outcome)
{
	close_attempt(fake, attempt);
	attempt->done(attempt, outcome);
}

unsigned side_fake_cancelled(struct side_fake *fake)
{
	unsigned count = fake->cancelled;

	fake->cancelled = 0;
	return count;
}

unsigned side_fake_failed(struct side_fake *fake, int *code_out)
{
	unsigned count = fake->failed;

	*code_out = fake->failed_code;
	fake->failed = 0;
	return count;
}
