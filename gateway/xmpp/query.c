#include "gateway/xmpp/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "enum/text.h"
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

/* Each fills what it is asked into the result. */
struct question {
	enum entity entity;
	const char *ns;
	xmpp_stanza_t *result;
};

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
static bool answer_info(const struct question *q)
{
	xmpp_stanza_t *query = stanza_add(q->result, "query", q->ns);
	bool done = add_identity(query, q->entity) &&
		    add_feature(query, XMPP_NS_DISCO_INFO) &&
		    add_feature(query, NS_PING);

	if (q->entity != ENTITY_GATEWAY)
		return done;
	return done && add_feature(query, XMPP_NS_DISCO_ITEMS) &&
	       add_feature(query, "jid\\20escaping");
}

/* XEP-0030, 4.1: the numbers are not listed. */
static bool answer_items(const struct question *q)
{
	return stanza_add(q->result, "query", q->ns) != NULL;
}

static bool answer_ping(const struct question *q)
{
	return q->result != NULL; /* XEP-0199, 4: an empty result */
}

static const struct answer {
	const char *name, *ns;
	unsigned entities; /* that give it */
	bool (*fill)(const struct question *q);
} answers[] = {
	{ "query", XMPP_NS_DISCO_INFO, ENTITY_GATEWAY | ENTITY_NUMBER,
	  answer_info },
	{ "query", XMPP_NS_DISCO_ITEMS, ENTITY_GATEWAY | ENTITY_NUMBER,
	  answer_items },
	{ "ping", NS_PING, ENTITY_GATEWAY | ENTITY_NUMBER, answer_ping },
};

/* A node of disco is none of ours: then there is no answer either. */
static const struct answer *find_answer(xmpp_stanza_t *stanza,
					enum entity entity)
{
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		xmpp_stanza_t *child = xmpp_stanza_get_child_by_name_and_ns(
			stanza, answers[i].name, answers[i].ns);

		if (child && !xmpp_stanza_get_attribute(child, "node") &&
		    answers[i].entities & (unsigned)entity)
			return &answers[i];
	}
	return NULL;
}

/* XMPP-10: each get and set is answered, with a result or an error. */
static xmpp_stanza_t *answer_iq(xmpp_stanza_t *stanza,
				const struct stanza_address *address,
				const char *domain)
{
	xmpp_ctx_t *ctx = xmpp_stanza_get_context(stanza);
	const char *type = xmpp_stanza_get_type(stanza);
	struct question q = { .entity = entity_of(address->to, domain) };
	const struct answer *answer = NULL;

	if (!type || (strcmp(type, "get") != 0 && strcmp(type, "set") != 0))
		return NULL;
	if (strcmp(type, "get") == 0)
		answer = find_answer(stanza, q.entity);
	if (!answer)
		return stanza_error(ctx, "iq", address,
				    CONDITION_SERVICE_UNAVAILABLE, NULL);
	q.ns = answer->ns;
	q.result = stanza_answer(ctx, "iq", "result", address);
	if (answer->fill(&q))
		return q.result;
	if (q.result)
		(void)xmpp_stanza_release(q.result);
	return NULL;
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
