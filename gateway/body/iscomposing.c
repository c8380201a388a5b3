#include "gateway/body/iscomposing.h"

#include <string.h>

#include "gateway/body/mime.h"
#include "gateway/body/xml.h"

#define NS "urn:ietf:params:xml:ns:im-iscomposing"

/** Octets of a state or number that can mean something to us. */
#define WORD_SIZE 16

bool iscomposing_is(const char *content_type)
{
	return content_type && span_is_nocase(mime_value(span_of(content_type)),
					      ISCOMPOSING_TYPE);
}

static bool is_active(const xmlNode *state)
{
	char word[WORD_SIZE];
	struct text text;

	text_init(&text, word, sizeof word);
	return xml_text(state, &text) && strcmp(word, "active") == 0;
}

/* What is no positive integer says nothing. */
static unsigned refresh_of(const xmlNode *refresh)
{
	char word[WORD_SIZE];
	struct text text;
	unsigned long seconds;

	text_init(&text, word, sizeof word);
	if (!xml_text(refresh, &text) ||
	    !span_number((struct span){ word, text.len }, 999999999,
			 &seconds) ||
	    seconds == 0)
		return ISCOMPOSING_HOLDS_S;
	return seconds < ISCOMPOSING_REFRESH_MAX_S ? (unsigned)seconds
						   : ISCOMPOSING_REFRESH_MAX_S;
}

bool iscomposing_read(struct span body, struct iscomposing *out)
{
	xmlDoc *document = xml_read(body);
	const xmlNode *root, *state;

	if (!document)
		return false;
	root = xml_root(document, NS, "isComposing");
	state = xml_child(root, NS, "state");
	if (state) {
		out->active = is_active(state);
		out->refresh_s = refresh_of(xml_child(root, NS, "refresh"));
	}
	xmlFreeDoc(document);
	return state != NULL;
}

void iscomposing_write(bool active, struct text *out)
{
	text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
		      "<isComposing xmlns=\"" NS "\">\r\n");
	text_addf(out, "<state>%s</state>\r\n", active ? "active" : "idle");
	text_add(out, "<contenttype>text/plain</contenttype>\r\n");
	if (active)
		text_addf(out, "<refresh>%d</refresh>\r\n",
			  ISCOMPOSING_REFRESH_S);
	text_add(out, "</isComposing>\r\n");
}
