#include "gateway/xmpp/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/chatstate.h"
#include "gateway/xmpp/prompt.h"
#include "gateway/xmpp/receipt.h"
#include "gateway/xmpp/stanza.h"
#include "routing/jid.h"

#define NS_PING "urn:xmpp:ping"

enum entity {
	ENTITY_GATEWAY = 1, /* the domain itself */
	ENTITY_NUMBER = 2,
	ENTITY_NOBODY = 4 /* an address that is no number */
};

static enum entity entity_of(const char *to, const char *domain)
{
	char number[32];
	struct jid jid;

	if (jid_parse(span_of(to), &jid) != ROUTE_OK ||
	    !span_is_nocase(span_of(jid.domain), domain))
		return ENTITY_NOBODY;
	if (!jid.local[0])
		return ENTITY_GATEWAY;
	return jid_to_number(&jid, number, sizeof number) == ROUTE_OK
		       ? ENTITY_NUMBER
		       : ENTITY_NOBODY;
}

/* Each fills what it is asked into the result; if it cannot, there is a
 * condition. */
struct question {
	enum entity entity;
	const char *ns, *domain;
	xmpp_stanza_t *asked; /* the element that asks */
	xmpp_stanza_t *result;
};

static enum condition memory(bool enough)
{
	return enough ? CONDITION_NONE : CONDITION_RESOURCE_CONSTRAINT;
}

static bool add_feature(xmpp_stanza_t *query, const char *var)
{
	return stanza_set(stanza_add(query, "feature", NULL), "var", var);
}

static bool add_identity(xmpp_stanza_t *query, enum entity entity)
{
	bool gateway = entity == ENTITY_GATEWAY;
	xmpp_stanza_t *identity = stanza_add(query, "identity", NULL);

	return stanza_set(identity, "category",
			  gateway ? "gateway" : "client") &&
	       stanza_set(identity, "type", gateway ? "sms" : "phone") &&
	       stanza_set(identity, "name", gateway ? "imgw" : NULL);
}

/* XEP-0030, 3.1; only what is really there. */
static enum condition answer_info(const struct question *q)
{
	xmpp_stanza_t *query = stanza_add(q->result, "query", q->ns);
	bool done = add_identity(query, q->entity) &&
		    add_feature(query, XMPP_NS_DISCO_INFO) &&
		    add_feature(query, NS_PING) &&
		    add_feature(query, RECEIPT_NS) &&
		    add_feature(query, RECEIPT_MARKERS_NS) &&
		    add_feature(query, CHATSTATE_NS);

	if (q->entity != ENTITY_GATEWAY)
		return memory(done);
	return memory(done && add_feature(query, XMPP_NS_DISCO_ITEMS) &&
		      add_feature(query, PROMPT_NS) &&
		      add_feature(query, "jid\\20escaping"));
}

/* XEP-0030, 4.1: the numbers are not listed. */
static enum condition answer_items(const struct question *q)
{
	return memory(stanza_add(q->result, "query", q->ns));
}

static enum condition answer_ping(const struct question *q)
{
	return memory(q->result); /* XEP-0199, 4: an empty result */
}

static enum condition answer_prompt(const struct question *q)
{
	return prompt_ask(stanza_add(q->result, "query", q->ns));
}

static enum condition answer_typed(const struct question *q)
{
	return prompt_answer(q->asked, q->domain,
			     stanza_add(q->result, "query", q->ns));
}

static const struct answer {
	const char *type, *name, *ns;
	unsigned entities; /* that give it */
	enum condition (*fill)(const struct question *q);
} answers[] = {
	{ "get", "query", XMPP_NS_DISCO_INFO, ENTITY_GATEWAY | ENTITY_NUMBER,
	  answer_info },
	{ "get", "query", XMPP_NS_DISCO_ITEMS, ENTITY_GATEWAY | ENTITY_NUMBER,
	  answer_items },
	{ "get", "ping", NS_PING, ENTITY_GATEWAY | ENTITY_NUMBER, answer_ping },
	{ "get", "query", PROMPT_NS, ENTITY_GATEWAY, answer_prompt },
	{ "set", "query", PROMPT_NS, ENTITY_GATEWAY, answer_typed },
};

/* A node of disco is none of ours: then there is no answer either. */
static const struct answer *find_answer(xmpp_stanza_t *stanza, const char *type,
					struct question *q)
{
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		const struct answer *answer = &answers[i];

		q->asked = xmpp_stanza_get_child_by_name_and_ns(
			stanza, answer->name, answer->ns);
		if (q->asked && strcmp(type, answer->type) == 0 &&
		    !xmpp_stanza_get_attribute(q->asked, "node") &&
		    answer->entities & (unsigned)q->entity)
			return answer;
	}
	return NULL;
}

/* @return CONDITION_NONE, or why there is no result */
static enum condition fill(const struct answer *answer, struct question *q,
			   xmpp_ctx_t *ctx,
			   const struct stanza_address *address)
{
	enum condition no;

	q->ns = answer->ns;
	q->result = stanza_answer(ctx, "iq", "result", address);
	no = answer->fill(q);
	if (no != CONDITION_NONE && q->result)
		(void)xmpp_stanza_release(q->result);
	return no;
}

/* XMPP-10: each get and set is answered, with a result or an error. */
static xmpp_stanza_t *answer_iq(xmpp_stanza_t *stanza,
				const struct stanza_address *address,
				const char *domain)
{
	xmpp_ctx_t *ctx = xmpp_stanza_get_context(stanza);
	const char *type = xmpp_stanza_get_type(stanza);
	struct question q = { .entity = entity_of(address->to, domain),
			      .domain = domain };
	enum condition no = CONDITION_SERVICE_UNAVAILABLE;
	const struct answer *answer;

	if (!type || (strcmp(type, "get") != 0 && strcmp(type, "set") != 0))
		return NULL;
	answer = find_answer(stanza, type, &q);
	if (answer)
		no = fill(answer, &q, ctx, address);
	if (no == CONDITION_NONE)
		return q.result;
	return stanza_error(ctx, "iq", address, no, NULL);
}

/* XMPP-18: a number has no presence to share. */
static xmpp_stanza_t *answer_presence(xmpp_stanza_t *stanza,
				      const struct stanza_address *address)
{
	static const struct {
		const char *asked, *answer;
	} types[] = {
		{ "subscribe", "unsubscribed" },
		{ "probe", "unavailable" },
	};
	const char *type = xmpp_stanza_get_type(stanza);

	for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++)
		if (strcmp(type, types[i].asked) == 0)
			return stanza_answer(xmpp_stanza_get_context(stanza),
					     "presence", types[i].answer,
					     address);
	return NULL;
}

xmpp_stanza_t *query_answer(xmpp_stanza_t *stanza, const char *domain)
{
	const struct stanza_address address = stanza_address(stanza);
	const char *name = xmpp_stanza_get_name(stanza);

	if (!name || !address.from || !address.to)
		return NULL;
	if (strcmp(name, "iq") == 0)
		return answer_iq(stanza, &address, domain);
	if (strcmp(name, "presence") == 0)
		return answer_presence(stanza, &address);
	return NULL;
}
