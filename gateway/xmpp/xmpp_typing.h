#ifndef IMGW_GATEWAY_XMPP_XMPP_TYPING_H
#define IMGW_GATEWAY_XMPP_XMPP_TYPING_H

/** "Is composing" and chat states between the middle and the table of
 *  conversations (RFC 7573, 6; RCPT-10 to RCPT-13). */

#include <stdbool.h>

#include <strophe.h>

#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/side.h"
#include "gateway/xmpp/compose.h"
#include "gateway/xmpp/conversation.h"

/** (1) What a message from XMPP says about the typing of its sender.
 *  @param state  in its stanza
 *  @return whether it goes on to the other one */
bool xmppside_typing_heard(struct conversations *conversations,
			   const struct message *message,
			   enum chatstate state);

/** (6) Show the recipient what a MESSAGE_COMPOSING says, if he is to be shown it.
 *  @param conversations  whose tell writes it
 *  @return 202, also when nothing is written (RCPT-11); 400 no such document,
 *          or the sender cannot be written */
struct outcome xmppside_typing_show(struct conversations *conversations,
				    const struct compose_options *options,
				    const struct attempt *attempt);

/** Put <active/> beside a text that goes out, where the recipient knows chat
 *  states. Without memory for it the text goes without. */
void xmppside_typing_mark(struct conversations *conversations,
			  xmpp_stanza_t *stanza);

#endif
