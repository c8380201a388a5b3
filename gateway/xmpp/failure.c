#include "gateway/xmpp/failure.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/stanza_outcome.h"

static enum gateway_status set_bare(char **member, const char *jid)
{
	const size_t len = strcspn(jid, "/");
	char *bare = malloc(len + 1);

	if (!bare)
		return GATEWAY_NO_MEMORY;
	(void)span_copy((struct span){ jid, len }, bare, len + 1);
	free(*member);
	*member = bare;
	return GATEWAY_OK;
}

/* From whom the failed one was for, to who sent it. */
static enum gateway_status address(struct message *m,
				   const struct message *failed)
{
	enum gateway_status status = message_set(&m->from, failed->to);

	if (status == GATEWAY_OK)
		status = message_set(&m->to, failed->from);
	if (status == GATEWAY_OK)
		status = set_bare(&m->target, failed->from);
	if (status == GATEWAY_OK)
		status = message_set(&m->stanza_id, failed->stanza_id);
	return status;
}

static enum gateway_status explain(struct message *m,
				   const struct outcome *outcome)
{
	enum gateway_status status =
		message_set(&m->condition, condition_word(outcome->condition));

	if (status == GATEWAY_OK && outcome->address[0])
		status = message_set(&m->new_address, outcome->address);
	if (status == GATEWAY_OK)
		status = message_set_body(m, outcome->reason,
					  strlen(outcome->reason));
	return status;
}

enum gateway_status failure_message(const struct message *failed,
				    const struct outcome *outcome,
				    struct message **notice_out)
{
	struct message *m = message_create();
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (m) {
		m->origin = PROTOCOL_SIP;
		m->purpose = MESSAGE_REPORT;
		m->report = MESSAGE_FAILED;
		m->kind = PLAN_JID;
		status = message_set_failure_key(m, failed->id);
	}
	if (status == GATEWAY_OK)
		status = address(m, failed);
	if (status == GATEWAY_OK)
		status = explain(m, outcome);
	if (status != GATEWAY_OK)
		message_destroy(&m);
	*notice_out = m;
	return status;
}

bool failure_is_one(const struct message *message)
{
	return message->origin == PROTOCOL_SIP &&
	       message->purpose == MESSAGE_REPORT;
}

xmpp_stanza_t *failure_stanza(xmpp_ctx_t *ctx, const char *domain,
			      const struct message *notice)
{
	/* of the stanza that failed */
	const struct stanza_address address = { .from = notice->to,
						.to = notice->from,
						.id = notice->stanza_id };
	struct outcome outcome = { .condition = condition_of_word(
					   notice->condition) };

	(void)span_copy((struct span){ notice->body, notice->body_len },
			outcome.reason, sizeof outcome.reason);
	if (notice->new_address)
		(void)span_copy(span_of(notice->new_address), outcome.address,
				sizeof outcome.address);
	return stanza_failure(ctx, &address, &outcome, domain);
}
