#include "gateway/xmpp/new_address.h"

#include <string.h>

#include "enum/e164.h"
#include "enum/tel.h"
#include "gateway/body/mime.h"
#include "gateway/outcome.h"
#include "gateway/xmpp/stanza.h"
#include "routing/im_uri.h"
#include "routing/jid.h"
#include "routing/sip_uri.h"

/* To XMPP. */

/* Whatever stands in it can be said in XML and in a header. */
static bool is_plain(struct span uri)
{
	for (size_t i = 0; i < uri.len; i++)
		if (!ascii_is_visible(uri.at[i]) || uri.at[i] == '<' ||
		    uri.at[i] == '>' || uri.at[i] == '"')
			return false;
	return uri.len > 0;
}

static void write(const char *uri, const char *domain, struct text *out)
{
	char number[E164_SIZE];

	if (jid_sender_number(span_of(uri), number, sizeof number) == ROUTE_OK)
		text_addf(out, "xmpp:%s@%s", number, domain);
	else if (is_plain(span_of(uri)))
		text_add(out, uri);
}

static bool holds_address(xmpp_stanza_t *condition)
{
	const char *name = condition ? xmpp_stanza_get_name(condition) : NULL;

	return name && (strcmp(name, condition_word(CONDITION_GONE)) == 0 ||
			strcmp(name, condition_word(CONDITION_REDIRECT)) == 0);
}

bool new_address_add(xmpp_stanza_t *error, const char *uri, const char *domain)
{
	xmpp_stanza_t *condition = stanza_error_condition(error);
	char address[OUTCOME_ADDRESS_SIZE];
	struct text text;

	text_init(&text, address, sizeof address);
	write(uri, domain, &text);
	return !holds_address(condition) || text.cut || !text.len ||
	       stanza_set_text(condition, address);
}

/* From XMPP. */

static bool write_jid(struct span text, const char *domain, struct text *out)
{
	char decoded[JID_SIZE], number[E164_SIZE];
	struct span path;
	struct jid jid;

	if (!span_cut(&text, '?', &path) ||
	    !span_percent_decode(path, decoded, sizeof decoded) ||
	    jid_parse(span_of(decoded), &jid) != ROUTE_OK || !jid.local[0])
		return false;
	if (!span_is_nocase(span_of(jid.domain), domain))
		return jid_to_sip(&jid, out) == ROUTE_OK;
	if (jid_to_number(&jid, number, sizeof number) != ROUTE_OK)
		return false;
	text_addf(out, "tel:%s", number);
	return true;
}

static bool is_uri(struct span text)
{
	struct sip_uri sip;
	struct im_uri im;
	struct tel tel;

	return sip_uri_parse(text, &sip) == ROUTE_OK ||
	       im_uri_parse(text, &im) == ROUTE_OK ||
	       (span_starts_nocase(text, "tel:") &&
		tel_parse(span_skip(text, strlen("tel:")), &tel) == ENUM_OK);
}

static bool read(struct span text, const char *domain, struct text *out)
{
	if (span_starts_nocase(text, "xmpp:"))
		return write_jid(span_skip(text, strlen("xmpp:")), domain, out);
	if (!is_uri(text))
		return write_jid(text, domain, out);
	text_add_span(out, text);
	return is_plain(text);
}

bool new_address_read(xmpp_stanza_t *error, const char *domain,
		      struct text *out)
{
	xmpp_stanza_t *condition = stanza_error_condition(error);
	char *text;
	bool done;

	if (!holds_address(condition))
		return false;
	text = xmpp_stanza_get_text(condition);
	if (!text)
		return false;
	done = read(mime_trim(span_of(text)), domain, out) && !out->cut;
	xmpp_free(xmpp_stanza_get_context(condition), text);
	return done;
}
