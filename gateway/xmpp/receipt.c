#include "gateway/xmpp/receipt.h"

/* What asks, and what answers. The first answer of a report is the one that
 * we give; a marker that says more than "displayed" says that too. */
static const struct ask {
	enum message_report what;
	const char *name, *ns;
} asks[] = {
	{ MESSAGE_DELIVERED, "request", RECEIPT_NS },
	{ MESSAGE_DISPLAYED, "markable", RECEIPT_MARKERS_NS },
}, answers[] = {
	{ MESSAGE_DELIVERED, "received", RECEIPT_NS },
	{ MESSAGE_DELIVERED, "received", RECEIPT_MARKERS_NS },
	{ MESSAGE_DISPLAYED, "displayed", RECEIPT_MARKERS_NS },
	{ MESSAGE_DISPLAYED, "acknowledged", RECEIPT_MARKERS_NS },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static xmpp_stanza_t *find(xmpp_stanza_t *stanza, const struct ask *element)
{
	return xmpp_stanza_get_child_by_name_and_ns(stanza, element->name,
						    element->ns);
}

static bool is_answer(xmpp_stanza_t *stanza)
{
	for (size_t i = 0; i < COUNT(answers); i++)
		if (find(stanza, &answers[i]))
			return true;
	return false;
}

unsigned receipt_wants(xmpp_stanza_t *stanza)
{
	const char *id = xmpp_stanza_get_id(stanza);
	unsigned wants = 0;

	if (!id || !*id || is_answer(stanza))
		return 0;
	for (size_t i = 0; i < COUNT(asks); i++)
		if (find(stanza, &asks[i]))
			wants |= (unsigned)asks[i].what;
	return wants;
}

bool receipt_ask(xmpp_stanza_t *stanza, unsigned wants)
{
	for (size_t i = 0; i < COUNT(asks); i++)
		if (wants & (unsigned)asks[i].what &&
		    !stanza_add(stanza, asks[i].name, asks[i].ns))
			return false;
	return stanza != NULL;
}

const char *receipt_read(xmpp_stanza_t *stanza, enum message_report what)
{
	for (size_t i = 0; i < COUNT(answers); i++) {
		xmpp_stanza_t *element = answers[i].what == what
						 ? find(stanza, &answers[i])
						 : NULL;

		if (element && xmpp_stanza_get_id(element))
			return xmpp_stanza_get_id(element);
	}
	return NULL;
}

static const struct ask *answer_of(enum message_report what)
{
	const struct ask *answer = answers;

	while (answer->what != what)
		answer++;
	return answer;
}

/* Of type chat, so that a resource that is gone does not cost the receipt
 * (RFC 6121, 8.5.3.2.1), and kept for who is away (XEP-0334). */
static bool fill(xmpp_stanza_t *stanza, const struct stanza_address *address,
		 enum message_report what, const char *original_id)
{
	const struct ask *answer = answer_of(what);

	return stanza_set(stanza, "from", address->from) &&
	       stanza_set(stanza, "to", address->to) &&
	       stanza_set(stanza, "id", address->id) &&
	       stanza_set(stanza, "type", "chat") &&
	       stanza_set(stanza_add(stanza, answer->name, answer->ns), "id",
			  original_id) &&
	       stanza_add(stanza, "store", "urn:xmpp:hints");
}

xmpp_stanza_t *receipt_stanza(xmpp_ctx_t *ctx,
			      const struct stanza_address *address,
			      enum message_report what, const char *original_id)
{
	xmpp_stanza_t *stanza = stanza_new(ctx, "message", NULL);

	if (fill(stanza, address, what, original_id))
		return stanza;
	if (stanza)
		(void)xmpp_stanza_release(stanza);
	return NULL;
}
