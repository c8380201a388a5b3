#include "gateway/xmpp/xmpp_in.h"

#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/oob.h"
#include "gateway/xmpp/stanza.h"
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

/* XMPP-16. */
static enum condition read_number(const char *to, const char *domain,
				  char *number_out, size_t size)
{
	struct jid jid;
	enum route_status status = jid_parse(span_of(to), &jid);

	if (status == ROUTE_NO_MEMORY)
		return CONDITION_RESOURCE_CONSTRAINT;
	if (status != ROUTE_OK)
		return CONDITION_JID_MALFORMED;
	if (!jid.local[0] || !span_is_nocase(span_of(jid.domain), domain))
		return CONDITION_SERVICE_UNAVAILABLE;
	if (jid_to_number(&jid, number_out, size) != ROUTE_OK)
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
	char *text = xmpp_stanza_get_text(body);
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (!text)
		return status;
	status = message_set_body(m, text, strlen(text));
	xmpp_free(xmpp_stanza_get_context(body), text);
	return status;
}

static enum gateway_status
set_addresses(struct message *m, xmpp_stanza_t *stanza, const char *number)
{
	const struct stanza_address address = stanza_address(stanza);
	enum gateway_status status = message_set(&m->from, address.from);

	if (status == GATEWAY_OK)
		status = message_set(&m->to, address.to);
	if (status == GATEWAY_OK)
		status = message_set(&m->target, number);
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
	const char *language = stanza_language(body);
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

static struct xmppside_in_result deliver(xmpp_stanza_t *stanza,
					 const char *number)
{
	struct message *m = message_create();
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (m) {
		m->origin = PROTOCOL_XMPP;
		m->kind = PLAN_REPLY;
		status = set_addresses(m, stanza, number);
	}
	if (status == GATEWAY_OK)
		status = set_content(m, stanza);
	if (status == GATEWAY_OK)
		return (struct xmppside_in_result){ .verdict =
							    XMPPSIDE_IN_DELIVER,
						    .message = m };
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

struct xmppside_in_result xmppside_in_read(xmpp_stanza_t *stanza,
					   const char *domain)
{
	const struct stanza_address address = stanza_address(stanza);
	enum stanza_content content = stanza_content(stanza);
	char number[NUMBER_SIZE];
	struct xmppside_in_result no;
	enum condition condition;

	if (!address.from || !address.to) /* XMPP-2: of a broken server */
		return ignore("no address");
	if (!is_ours(xmpp_stanza_get_type(stanza), &no))
		return no;
	if (content != STANZA_TEXT) /* XMPP-17, XMPP-31 */
		return ignore(stanza_content_word(content));
	condition = read_number(address.to, domain, number, sizeof number);
	if (condition != CONDITION_NONE)
		return refuse(condition, "not a number at this gateway");
	return deliver(stanza, number);
}
