#include "gateway/xmpp/xmpp_in.h"

#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/chatstate.h"
#include "gateway/xmpp/delay.h"
#include "gateway/xmpp/oob.h"
#include "gateway/xmpp/receipt.h"
#include "gateway/xmpp/stanza.h"
#include "gateway/xmpp/stanza_key.h"
#include "routing/jid.h"

/** '+', 15 digits and the terminator. */
#define NUMBER_SIZE 17

static struct xmppside_in_result refuse(enum condition condition,
					const char *reason)
{
	return (struct xmppside_in_result){ .verdict = XMPPSIDE_IN_REFUSE,
					    .condition = condition,
					    .reason = reason };
}

static struct xmppside_in_result ignore(const char *reason)
{
	return (struct xmppside_in_result){ .verdict = XMPPSIDE_IN_IGNORE,
					    .reason = reason };
}

/* XMPP-16: a number, or the sip: address of somebody who has none. */
static enum condition read_target(const char *to,
				  const struct xmppside_in_options *options,
				  struct text *target)
{
	char number[NUMBER_SIZE];
	struct jid jid;
	enum route_status status = jid_parse(span_of(to), &jid);

	if (status == ROUTE_NO_MEMORY)
		return CONDITION_RESOURCE_CONSTRAINT;
	if (status != ROUTE_OK)
		return CONDITION_JID_MALFORMED;
	if (!jid.local[0] ||
	    !span_is_nocase(span_of(jid.domain), options->domain))
		return CONDITION_SERVICE_UNAVAILABLE;
	if (jid_to_number(&jid, number, sizeof number) == ROUTE_OK)
		text_add(target, number);
	else if (!options->sip_addresses ||
		 jid_to_sender(&jid, target) != ROUTE_OK)
		return CONDITION_ITEM_NOT_FOUND;
	return CONDITION_NONE;
}

static enum gateway_status set_text(char **member, xmpp_stanza_t *element)
{
	char *text = element ? xmpp_stanza_get_text(element) : NULL;
	enum gateway_status status = message_set(member, text);

	if (text)
		xmpp_free(xmpp_stanza_get_context(element), text);
	return status;
}

static enum gateway_status set_body(struct message *m, xmpp_stanza_t *body)
{
	char *text;
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (!body) /* there are links only (XMPP-27) */
		return message_set_body(m, "", 0);
	text = xmpp_stanza_get_text(body);
	if (!text)
		return status;
	status = message_set_body(m, text, strlen(text));
	xmpp_free(xmpp_stanza_get_context(body), text);
	return status;
}

static enum gateway_status
set_addresses(struct message *m, xmpp_stanza_t *stanza, const char *target)
{
	const struct stanza_address address = stanza_address(stanza);
	enum gateway_status status = message_set(&m->from, address.from);

	if (status == GATEWAY_OK)
		status = message_set(&m->to, address.to);
	if (status == GATEWAY_OK)
		status = message_set(&m->target, target);
	if (status == GATEWAY_OK)
		status = message_set(&m->stanza_id, address.id);
	return status;
}

/* MAP-19: one message in one language; MAP-11: which it was. Markup beside it
 * stays behind (XMPP-28), and of an encrypted message the text is all there
 * is to read (XMPP-32). */
static enum gateway_status set_content(struct message *m, xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *body = stanza_choose(stanza, "body");
	const char *language = body ? stanza_language(body) : NULL;
	enum gateway_status status = set_body(m, body);

	if (status == GATEWAY_OK)
		status = oob_append(m, stanza);
	if (status == GATEWAY_OK)
		status =
			set_text(&m->subject, stanza_choose(stanza, "subject"));
	if (status == GATEWAY_OK)
		status = set_text(&m->thread, stanza_choose(stanza, "thread"));
	if (status == GATEWAY_OK)
		status = message_set(&m->language,
				     language ? language
					      : stanza_language(stanza));
	return status;
}

static enum gateway_status fill(struct message *m, xmpp_stanza_t *stanza)
{
	if (m->purpose == MESSAGE_TEXT)
		return set_content(m, stanza);
	m->composing = chatstate_read(stanza) == CHATSTATE_COMPOSING;
	return set_text(&m->thread, stanza_choose(stanza, "thread"));
}

static struct xmppside_in_result
deliver(xmpp_stanza_t *stanza, enum message_purpose purpose, const char *target)
{
	struct message *m = message_create();
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (m) {
		m->origin = PROTOCOL_XMPP;
		m->kind = PLAN_REPLY;
		m->purpose = purpose;
		status = set_addresses(m, stanza, target);
	}
	if (status == GATEWAY_OK)
		status = fill(m, stanza);
	if (status == GATEWAY_OK) {
		m->date_s = delay_read(stanza, m->from);
		if (purpose == MESSAGE_TEXT) {
			stanza_set_key(m, stanza);
			m->wants = receipt_wants(stanza);
		}
		return (struct xmppside_in_result){ .verdict =
							    XMPPSIDE_IN_DELIVER,
						    .message = m };
	}
	message_destroy(&m);
	if (status == GATEWAY_TOO_LARGE)
		return refuse(CONDITION_POLICY_VIOLATION, "message too large");
	return refuse(CONDITION_RESOURCE_CONSTRAINT, "out of memory");
}

/* XMPP-7: what is neither normal nor chat is not for us. An unknown type is
 * normal (RFC 6121, 5.2.2). */
static bool is_ours(const char *type, struct xmppside_in_result *no_out)
{
	if (type && strcmp(type, "groupchat") == 0) {
		*no_out = refuse(CONDITION_SERVICE_UNAVAILABLE,
				 "group chat is not supported");
		return false;
	}
	if (type && strcmp(type, "headline") == 0) {
		*no_out = ignore(type);
		return false;
	}
	return true;
}

/* XMPP-27: a link alone is text enough; in a copy it is not for us
 * (XMPP-31). */
static bool is_link(xmpp_stanza_t *stanza, enum stanza_content content)
{
	return content != STANZA_CARBON && oob_has_link(stanza);
}

/* @return whether it is anything to us (XMPP-17) */
static bool read_purpose(xmpp_stanza_t *stanza, enum stanza_content content,
			 enum message_purpose *purpose_out)
{
	*purpose_out = MESSAGE_TEXT;
	if (content == STANZA_TEXT || is_link(stanza, content))
		return true;
	*purpose_out = MESSAGE_COMPOSING;
	return content == STANZA_SIGNAL &&
	       chatstate_read(stanza) != CHATSTATE_NONE;
}

struct xmppside_in_result
xmppside_in_read(xmpp_stanza_t *stanza,
		 const struct xmppside_in_options *options)
{
	const struct stanza_address address = stanza_address(stanza);
	enum stanza_content content = stanza_content(stanza);
	enum message_purpose purpose;
	char uri[HOP_RECIPIENT_SIZE];
	struct xmppside_in_result no;
	enum condition condition;
	struct text target;

	if (!address.from || !address.to) /* XMPP-2: of a broken server */
		return ignore("no address");
	if (!is_ours(xmpp_stanza_get_type(stanza), &no))
		return no;
	if (!read_purpose(stanza, content, &purpose))
		return ignore(stanza_content_word(content));
	text_init(&target, uri, sizeof uri);
	condition = read_target(address.to, options, &target);
	if (condition != CONDITION_NONE && purpose != MESSAGE_TEXT)
		return ignore("not a number at this gateway");
	if (condition != CONDITION_NONE)
		return refuse(condition, "not a number at this gateway");
	return deliver(stanza, purpose, uri);
}
