#include "gateway/xmpp/xmpp_typing.h"

#include "gateway/body/iscomposing.h"
#include "gateway/xmpp/chatstate.h"
#include "gateway/xmpp/stanza.h"
#include "routing/jid.h"

bool xmppside_typing_heard(struct conversations *conversations,
			   const struct message *message, enum chatstate state)
{
	if (message->purpose == MESSAGE_COMPOSING)
		return conversations_heard_state(conversations, message->from,
						 message->to, state);
	if (message->purpose == MESSAGE_TEXT)
		conversations_heard_text(conversations, message->from,
					 message->to, state);
	return true;
}

struct outcome xmppside_typing_show(struct conversations *conversations,
				    const struct compose_options *options,
				    const struct attempt *attempt)
{
	const struct message *message = attempt->message;
	const struct span body = { message->body, message->body_len };
	struct iscomposing what;
	char from[JID_SIZE];
	struct outcome no;

	if (!iscomposing_read(body, &what))
		return outcome_of_sip(400, "broken " ISCOMPOSING_TYPE);
	if (!compose_sender(options, message, from, sizeof from, &no))
		return no;
	conversations_show(conversations, attempt->hop.recipient, from, &what);
	return outcome_of_sip(202, NULL);
}

void xmppside_typing_mark(struct conversations *conversations,
			  xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);
	enum chatstate state;

	if (stanza_content(stanza) != STANZA_TEXT) /* a report (RCPT-7) */
		return;
	state = conversations_show_text(conversations, address.to,
					address.from);
	if (state != CHATSTATE_NONE)
		chatstate_add(stanza, state);
}
