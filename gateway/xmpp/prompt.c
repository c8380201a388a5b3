#include "gateway/xmpp/prompt.h"

#include "enum/e164.h"
#include "enum/tel.h"
#include "gateway/xmpp/stanza.h"
#include "routing/jid.h"

/** Octets that a user may type; a number needs fewer, even with blanks. */
#define TYPED_SIZE 64

static enum condition memory(bool enough)
{
	return enough ? CONDITION_NONE : CONDITION_RESOURCE_CONSTRAINT;
}

enum condition prompt_ask(xmpp_stanza_t *query)
{
	return memory(stanza_add_text(query, "desc", NULL,
				      "Enter the number in international "
				      "form, beginning with +.") &&
		      stanza_add_text(query, "prompt", NULL, "Phone number"));
}

/* RFC 3966, 5.1.1 has separators for people, but people also write blanks. */
static bool read_number(const char *typed, char number[E164_SIZE])
{
	char compact[TYPED_SIZE];
	struct text text;
	struct tel tel;

	text_init(&text, compact, sizeof compact);
	for (; *typed; typed++)
		if (*typed != ' ' && *typed != '\t' && *typed != '\n')
			text_add_char(&text, *typed);
	return !text.cut && tel_parse(span_of(compact), &tel) == ENUM_OK &&
	       e164_is_number(tel.number) &&
	       span_copy(span_of(tel.number), number, E164_SIZE);
}

static enum condition write_jid(const char *typed, const char *domain,
				xmpp_stanza_t *query)
{
	char number[E164_SIZE], jid[JID_SIZE];
	struct text text;

	if (!read_number(typed, number))
		return CONDITION_ITEM_NOT_FOUND;
	text_init(&text, jid, sizeof jid);
	text_addf(&text, "%s@%s", number, domain);
	return memory(stanza_add_text(query, "jid", NULL, jid));
}

enum condition prompt_answer(xmpp_stanza_t *asked, const char *domain,
			     xmpp_stanza_t *query)
{
	xmpp_stanza_t *prompt = xmpp_stanza_get_child_by_name(asked, "prompt");
	char *typed = prompt ? xmpp_stanza_get_text(prompt) : NULL;
	enum condition no;

	if (!typed)
		return CONDITION_BAD_REQUEST;
	no = write_jid(typed, domain, query);
	xmpp_free(xmpp_stanza_get_context(prompt), typed);
	return no;
}
