#include "gateway/xmpp/stanza_outcome.h"

#include "gateway/xmpp/new_address.h"

struct outcome stanza_outcome(xmpp_stanza_t *stanza, const char *domain,
			      bool full_jid,
			      const struct outcome_profile *profile)
{
	char reason[OUTCOME_REASON_SIZE], address[OUTCOME_ADDRESS_SIZE];
	enum condition condition =
		stanza_error_read(stanza, reason, sizeof reason);
	struct outcome outcome =
		outcome_of_condition(condition, full_jid, profile, reason);
	struct text text;

	outcome.remote = true;
	text_init(&text, address, sizeof address);
	if (new_address_read(stanza, domain, &text))
		outcome_set_address(&outcome, address, profile);
	return outcome;
}

xmpp_stanza_t *stanza_failure(xmpp_ctx_t *ctx,
			      const struct stanza_address *address,
			      const struct outcome *outcome, const char *domain)
{
	xmpp_stanza_t *error = stanza_error(
		ctx, "message", address, outcome->condition, outcome->reason);

	if (!error || !outcome->address[0] ||
	    new_address_add(error, outcome->address, domain))
		return error;
	(void)xmpp_stanza_release(error);
	return NULL;
}
