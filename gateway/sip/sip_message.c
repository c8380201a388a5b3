#include "gateway/sip/sip_private.h"

#include <string.h>
#include <strings.h>

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/su_string.h>

#include "gateway/body/iscomposing.h"

/** From 1900, where sofia-sip counts from, to 1970. */
#define NTP_EPOCH_S 2208988800

char *sipside_list(su_home_t *home, const msg_list_t *list)
{
	char *text = su_strdup(home, "");

	for (; list; list = list->k_next)
		for (msg_param_t *item = list->k_items; text && item && *item;
		     item++)
			text = su_sprintf(home, "%s%s%s", text,
					  *text ? "," : "", *item);
	return text;
}

/* Each helper answers whether there was memory. */
static bool set(char **member, const char *value)
{
	return message_set(member, value) == GATEWAY_OK;
}

static bool set_span(char **member, struct span value, su_home_t *home)
{
	char *copy = su_strndup(home, value.at, (isize_t)value.len);
	bool done = copy && set(member, copy);

	su_free(home, copy);
	return done;
}

static bool set_url(char **member, const url_t *url, su_home_t *home)
{
	char *text = url_as_string(home, url);
	bool done = text && set(member, text);

	su_free(home, text);
	return done;
}

static bool set_header(char **member, const void *header, su_home_t *home)
{
	char *text;
	bool done;

	if (!header)
		return true;
	text = sip_header_as_string(home, header);
	done = text && set(member, text);
	su_free(home, text);
	return done;
}

static bool has_privacy(const sip_t *sip, const char *value)
{
	msg_param_t const *given =
		sip->sip_privacy ? sip->sip_privacy->priv_values : NULL;

	for (; given && *given; given++)
		if (strcasecmp(*given, value) == 0)
			return true;
	return false;
}

static bool is_anonymous(const url_t *from)
{
	return span_is_nocase(span_of(from->url_host), "anonymous.invalid") ||
	       span_is_nocase(span_of(from->url_user), "anonymous");
}

static const sip_unknown_t *find_unknown(const sip_t *sip, const char *name)
{
	const sip_unknown_t *header = sip->sip_unknown;

	while (header && strcasecmp(header->un_name, name) != 0)
		header = header->un_next;
	return header;
}

/* RFC 3325, 9.1: one or two, a sip: and a tel: URI; the number is what the
 * other world can answer to. */
static const url_t *asserted_identity(const sip_t *sip, su_home_t *home)
{
	const sip_unknown_t *header = find_unknown(sip, "P-Asserted-Identity");
	const url_t *found = NULL;

	for (; header; header = header->un_next) {
		const sip_p_asserted_identity_t *id;

		if (strcasecmp(header->un_name, "P-Asserted-Identity") != 0)
			continue;
		id = sip_p_asserted_identity_make(home, header->un_value);
		for (; id; id = id->paid_next)
			if (!found || id->paid_url->url_type == url_tel)
				found = id->paid_url;
	}
	return found;
}

/* SIP-36, SEC-13: who sent it, and whether that may be shown. */
static bool fill_sender(struct message *m, const struct sipside_request *r,
			su_home_t *home)
{
	const url_t *from = r->sip->sip_from->a_url;
	const bool hidden = has_privacy(r->sip, "id");
	const url_t *asserted = NULL;

	if (r->trust == ADMISSION_TRUSTED && !hidden)
		asserted = asserted_identity(r->sip, home);
	m->anonymous = hidden || (!asserted && is_anonymous(from));
	return set_url(&m->from, from, home) &&
	       (!asserted || set_url(&m->asserted, asserted, home));
}

static bool fill_recipient(struct message *m, const struct sipside_request *r,
			   su_home_t *home)
{
	const sip_to_t *to = r->sip->sip_to;

	m->kind = r->kind;
	m->skip_enum = r->skip_enum;
	m->in_dialog = to->a_tag != NULL;		    /* SIP-26 */
	m->secure_only = to->a_url->url_type == url_sips || /* MAP-12 */
			 span_starts_nocase(r->uri, "sips:");
	return set_span(&m->to, r->uri, home) && set(&m->target, r->target) &&
	       set_url(&m->to_header, to->a_url, home);
}

/* SIP-28: a folded line is one line (RFC 3261, 7.3.1). */
static void unfold(char *text)
{
	char *out = text;

	while (text && *text) {
		size_t space = strspn(text, " \t\r\n");

		if (strcspn(text, "\r\n") < space) {
			*out++ = ' ';
			text += space;
		} else {
			*out++ = *text++;
		}
	}
	if (out)
		*out = '\0';
}

static bool fill_content(struct message *m, const sip_t *sip, su_home_t *home)
{
	const sip_payload_t *body = sip->sip_payload;
	const sip_content_language_t *language = sip->sip_content_language;

	if (language && language->k_items && language->k_items[0] &&
	    !set(&m->language, language->k_items[0]))
		return false;
	if (sip->sip_subject && sip->sip_subject->g_string &&
	    !set(&m->subject, sip->sip_subject->g_string))
		return false;
	unfold(m->subject);
	return set_header(&m->content_type, sip->sip_content_type, home) &&
	       set_header(&m->content_encoding, sip->sip_content_encoding,
			  home) &&
	       set_header(&m->content_disposition, sip->sip_content_disposition,
			  home) &&
	       message_set_body(m, body ? body->pl_data : "",
				body ? body->pl_len : 0) == GATEWAY_OK;
}

static int64_t unix_time(sip_time_t ntp)
{
	return (int64_t)ntp > NTP_EPOCH_S ? (int64_t)ntp - NTP_EPOCH_S : 0;
}

/* RFC 3261, 20.19: larger than this is no value (RFC 4475, 3.1.2.4). */
static int64_t seconds(sip_time_t delta)
{
	return delta < UINT32_MAX ? (int64_t)delta : UINT32_MAX;
}

/* SIP-22: Expires counts from Date, or from the arrival without one. */
static void fill_time(struct message *m, const sip_t *sip)
{
	const sip_expires_t *expires = sip->sip_expires;

	if (sip->sip_date)
		m->date_s = unix_time(sip->sip_date->d_time);
	if (!expires)
		return;
	if (expires->ex_date)
		m->expires_s = unix_time(expires->ex_date);
	else if (expires->ex_delta)
		m->expires_s = (m->date_s ? m->date_s : m->arrived_s) +
			       seconds(expires->ex_delta);
}

static void fill_arrival(struct message *m, const struct sipside_request *r)
{
	message_arrive(m, r->side->loop);
	m->origin = PROTOCOL_SIP;
	memcpy(m->peer, r->peer, sizeof m->peer);
}

/* The same when the sender sends it again, by whatever way. What a proxy has
 * forked to two recipients is two messages. */
static bool fill_key(struct message *m, const struct sipside_request *request)
{
	const sip_t *sip = request->sip;
	char cseq[16];
	const char *parts[] = { sip->sip_call_id->i_id, sip->sip_from->a_tag,
				cseq, request->target };
	struct text text;

	text_init(&text, cseq, sizeof cseq);
	text_addf(&text, "%lu", (unsigned long)sip->sip_cseq->cs_seq);
	m->has_key = message_key(parts, sizeof parts / sizeof parts[0], m->key);
	return m->has_key;
}

/* SIP-13: we support no extension. */
static bool fill_require(struct message *m, const sip_t *sip, su_home_t *home)
{
	const char *tags;

	if (!sip->sip_require)
		return true;
	tags = sipside_list(home, sip->sip_require);
	return tags && set(&m->require, tags);
}

struct message *sipside_message(const struct sipside_request *request)
{
	struct message *m = message_create();
	su_home_t *home = msg_home(request->msg);

	if (!m)
		return NULL;
	fill_arrival(m, request);
	fill_time(m, request->sip);
	if (!fill_key(m, request) || !fill_sender(m, request, home) ||
	    !fill_recipient(m, request, home) ||
	    !fill_require(m, request->sip, home) ||
	    !set(&m->call_id, request->sip->sip_call_id->i_id) ||
	    !fill_content(m, request->sip, home))
		message_destroy(&m);
	else if (iscomposing_is(m->content_type))
		m->purpose = MESSAGE_COMPOSING;
	return m;
}
