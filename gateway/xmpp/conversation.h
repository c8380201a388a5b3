#ifndef IMGW_GATEWAY_XMPP_CONVERSATION_H
#define IMGW_GATEWAY_XMPP_CONVERSATION_H

/** Who types, between an XMPP user and somebody behind us: what each was
 *  told, and what he must not be told (RCPT-10 to RCPT-13).
 *
 *  A conversation begins when the user shows that he knows chat states, and
 *  is forgotten when he shows that he does not, when he is gone, or some time
 *  after the last word of his. Without one he gets no chat state (RCPT-12).
 *  Resources do not count: what we write goes to bare JIDs. */

#include <stdbool.h>
#include <stddef.h>

#include <strophe.h>

#include "enum/loop.h"
#include "gateway/body/iscomposing.h"
#include "gateway/status.h"
#include "gateway/xmpp/chatstate.h"

/** Conversations at once; the one that is silent longest gives way. */
#define CONVERSATION_MAX 4096

/** A conversation without a word of the user for so long is over. */
#define CONVERSATION_AGE_MS (4 * 3600 * INT64_C(1000))

/** Write a chat state to a user, now or never.
 *  @param from, to  bare JIDs
 *  @return whether it was written */
typedef bool conversation_tell_fn(const char *from, const char *to,
				  enum chatstate state, void *arg);

struct conversations;

/** @param tell  called from conversations_show and from the loop
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
conversations_create(struct loop *loop, conversation_tell_fn *tell, void *arg,
		     struct conversations **conversations_out);

/** Free; clears; takes NULL. */
void conversations_destroy(struct conversations **conversations);

/** How many there are. */
size_t conversations_count(const struct conversations *conversations);

/* From the user. JIDs may have resources. */

/** The user has sent a text: that ends his typing (RFC 3994, 3.3).
 *  @param state  that stood beside it; NONE: he knows none (XEP-0085, 5.1) */
void conversations_heard_text(struct conversations *conversations,
			      const char *user, const char *us,
			      enum chatstate state);

/** The user has sent a chat state alone.
 *  @return whether the other one is to be told: not that he types again
 *          within ISCOMPOSING_REFRESH_S (RCPT-13), and not that he stopped
 *          when nobody was told that he had begun */
bool conversations_heard_state(struct conversations *conversations,
			       const char *user, const char *us,
			       enum chatstate state);

/* To the user. */

/** Tell the user that somebody types or has stopped, unless he was told the
 *  same last (RCPT-12). Typing ends by itself in time (RCPT-11). */
void conversations_show(struct conversations *conversations, const char *user,
			const char *us, const struct iscomposing *what);

/** A text goes to the user, which ends the typing.
 *  @return the state that is to stand beside it, or NONE */
enum chatstate conversations_show_text(struct conversations *conversations,
				       const char *user, const char *us);

#endif
