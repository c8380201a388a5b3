#include "gateway/sip/sip_private.h"

#include <stdlib.h>
#include <string.h>

#include <sofia-sip/sip_tag.h>
#include <sofia-sip/url.h>

#include "gateway/sip/sip_report.h"
#include "routing/jid.h"

/** From 1970 to 1900, where sofia-sip counts from. */
#define NTP_EPOCH_S 2208988800

/** Octets of a Subject; a longer one is cut, the whole has 1300. */
#define SUBJECT_SIZE 1024

/** Octets of a language tag (RFC 5646, 4.4.1, asks for 35). */
#define LANGUAGE_MAX 64

/** Octets that credentials take in a request, about. */
#define CREDENTIALS_SIZE 400

/** A From URI in angle brackets with its tag. */
#define FROM_SIZE (3 * JID_SIZE + 64)

/** A value that is written into a header, and is there or not. */
struct headers {
	char from[FROM_SIZE];
	char to[HOP_RECIPIENT_SIZE + 2];
	char call_id[SIPSIDE_TOKEN_SIZE + 256];
	char subject[SUBJECT_SIZE]; /* "": none */
	char asserted[FROM_SIZE];   /* the whole line; the same */
	const char *language;	    /* or NULL */
	struct sipside_body body;
};

/* CONF-13: the number that the recipient wrote to, else the sender's JID as
 * sip: URI. */
bool sipside_write_sender(const struct message *message, struct text *out)
{
	struct jid jid;

	if (message->origin == PROTOCOL_SIP) { /* it waited in the store */
		text_add(out, message->anonymous
				      ? "sip:anonymous@anonymous.invalid"
				      : message->from);
		return true;
	}
	if (message->from_number[0]) {
		text_addf(out, "tel:%s", message->from_number);
		return true;
	}
	return jid_parse(span_of(message->from), &jid) == ROUTE_OK &&
	       jid_to_sip(&jid, out) == ROUTE_OK;
}

/* With a fresh tag. */
static bool write_from(struct sipside *side, const struct message *message,
		       char *out, size_t size)
{
	char tag[SIPSIDE_TOKEN_SIZE];
	struct text text;

	sipside_random_token(side, tag);
	text_init(&text, out, size);
	text_add_char(&text, '<');
	if (!sipside_write_sender(message, &text))
		return false;
	text_addf(&text, ">;tag=%s", tag);
	return !text.cut;
}

const char *sipside_own_name(const struct sipside_options *options)
{
	if (options->xmpp_domain)
		return options->xmpp_domain;
	return options->domain_count ? options->domains[0]
				     : options->listen[0].address;
}

/* CONF-12, MAP-17: the Call-ID that the thread is, else one for one thread
 * between two people, which nobody else can compute. */
static void write_call_id(struct sipside *side, const struct message *message,
			  char *out, size_t size)
{
	const char *parts[] = { message->from, message->to, message->thread };
	char token[SIPSIDE_TOKEN_SIZE];
	struct text text;

	if (message->own_thread &&
	    span_copy(span_of(message->thread), out, size))
		return;
	if (message->thread)
		sipside_keyed_token(side, parts, sizeof parts / sizeof parts[0],
				    token);
	text_init(&text, out, size);
	/* the id is nobody's guess, and the same when it is tried again */
	text_addf(&text, "%s@%s", message->thread ? token : message->id,
		  sipside_own_name(&side->options));
}

/* MAP-18: C0, DEL, and C1 in UTF-8; a line break among them would begin a
 * header of the sender's choice. @return octets taken */
static size_t control_len(const char *at)
{
	const unsigned char *octet = (const unsigned char *)at;

	if (octet[0] < 0x20 || octet[0] == 0x7f)
		return 1;
	if (octet[0] == 0xc2 && octet[1] >= 0x80 && octet[1] <= 0x9f)
		return 2;
	return 0;
}

/* Cut at `size` or less, but never within a character. */
static size_t whole_characters(const char *text, size_t size)
{
	size_t len = strlen(text);

	if (len < size)
		return len;
	len = size - 1;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void write_subject(const char *subject, char *out, size_t size)
{
	struct text text;

	text_init(&text, out, size);
	if (!subject)
		return;
	for (const char *end = subject + whole_characters(subject, size);
	     subject < end;) {
		size_t control = control_len(subject);

		if (!control)
			text_add_char(&text, *subject);
		else if (text.len > 0 && out[text.len - 1] != ' ')
			text_add_char(&text, ' ');
		subject += control ? control : 1;
	}
	while (text.len > 0 && out[text.len - 1] == ' ')
		out[--text.len] = '\0';
}

/* MAP-11: letters, digits and hyphens; anything else is left out. */
static const char *language_tag(const char *language)
{
	const char *at = language;

	if (!at || !ascii_is_alpha(*at))
		return NULL;
	while (ascii_is_alpha(*at) || ascii_is_digit(*at) || *at == '-')
		at++;
	return *at || at - language > LANGUAGE_MAX ? NULL : language;
}

/* SIP-36: of a message that waited, as if it had been passed on at once. */
static void write_asserted(const struct sipside *side,
			   const struct attempt *attempt, char *out,
			   size_t size)
{
	const char *uri = attempt->message->asserted;
	struct text text;

	text_init(&text, out, size);
	if (uri && attempt->message->origin == PROTOCOL_SIP &&
	    sipside_stays_inside(side, attempt))
		text_addf(&text, "P-Asserted-Identity: <%s>", uri);
	if (text.cut)
		out[0] = '\0';
}

/* Who the sender wrote to stays, whatever that has led to. */
static const char *to_of(const struct attempt *attempt)
{
	const char *uri = attempt->message->to_header;

	return uri && strlen(uri) < HOP_RECIPIENT_SIZE ? uri
						       : attempt->hop.recipient;
}

static bool write_headers(struct sipside *side, const struct attempt *attempt,
			  bool wrap, struct headers *out)
{
	const struct message *message = attempt->message;
	struct text to;

	if (!write_from(side, message, out->from, sizeof out->from))
		return false;
	write_asserted(side, attempt, out->asserted, sizeof out->asserted);
	text_init(&to, out->to, sizeof out->to);
	text_addf(&to, "<%s>", to_of(attempt));
	write_call_id(side, message, out->call_id, sizeof out->call_id);
	write_subject(message->subject, out->subject, sizeof out->subject);
	out->language = language_tag(message->language);
	return !to.cut && sipside_body_write(side, attempt, wrap, &out->body);
}

/* SIP-24: when it was sent, and the seconds that it was good for then. */
static bool add_time(struct sipside *side, const struct message *message,
		     msg_t *msg)
{
	int64_t now = loop_wall_s(side->loop);
	int64_t sent = message_sent_s(message, now);
	int64_t left = message->expires_s - sent;
	sip_date_t *date = sip_date_create(msg_home(msg),
					   (sip_time_t)(sent + NTP_EPOCH_S));
	sip_expires_t *expires = NULL;

	if (message->expires_s && left > 0)
		expires = sip_expires_create(msg_home(msg), (sip_time_t)left);
	return date && sip_add_tl(msg, sip_object(msg), SIPTAG_DATE(date),
				  SIPTAG_EXPIRES(expires), TAG_END()) >= 0;
}

/* SIP-1: no Contact. */
static bool fill(struct sipside *side, const struct attempt *attempt,
		 const struct headers *headers, msg_t *msg)
{
	su_home_t *home = msg_home(msg);
	url_t *url = url_make(home, attempt->hop.recipient);
	sip_request_t *line = sip_request_create(home, SIP_METHOD_MESSAGE,
						 (url_string_t *)url, NULL);
	sip_cseq_t *cseq = sip_cseq_create(home, ++side->cseq & 0x7fffffff,
					   SIP_METHOD_MESSAGE);
	sip_payload_t *body = sip_payload_create(
		home, headers->body.text.at, (isize_t)headers->body.text.len);

	return url && line && cseq && body &&
	       sip_add_tl(msg, sip_object(msg), SIPTAG_REQUEST(line),
			  SIPTAG_MAX_FORWARDS_STR("70"),
			  SIPTAG_FROM_STR(headers->from),
			  SIPTAG_TO_STR(headers->to),
			  SIPTAG_CALL_ID_STR(headers->call_id),
			  SIPTAG_CSEQ(cseq),
			  TAG_IF(headers->subject[0],
				 SIPTAG_SUBJECT_STR(headers->subject)),
			  TAG_IF(headers->asserted[0],
				 SIPTAG_HEADER_STR(headers->asserted)),
			  SIPTAG_CONTENT_LANGUAGE_STR(headers->language),
			  SIPTAG_CONTENT_TYPE_STR(headers->body.content_type),
			  SIPTAG_CONTENT_ENCODING_STR(
				  attempt->message->content_encoding),
			  SIPTAG_PAYLOAD(body), TAG_END()) >= 0 &&
	       add_time(side, attempt->message, msg) &&
	       sip_complete_message(msg) >= 0;
}

static msg_t *build(struct sipside *side, const struct attempt *attempt,
		    bool wrap)
{
	msg_t *msg = nta_msg_create(side->agent, 0);
	struct headers headers = { .body = { .own = NULL } };

	if (!msg)
		return NULL;
	if (!write_headers(side, attempt, wrap, &headers) ||
	    !fill(side, attempt, &headers, msg)) {
		msg_destroy(msg);
		msg = NULL;
	}
	sipside_body_clear(&headers.body);
	return msg;
}

/* Room is left for the answer to a challenge. */
static bool is_too_long(struct sipside *side, const struct attempt *attempt,
			msg_t *msg)
{
	const size_t more =
		side->options.credentials.user ? CREDENTIALS_SIZE : 0;

	return sipside_request_size(side, msg, attempt) + more >
	       SIPSIDE_UDP_MAX;
}

/* SIP-6: what only its wrapping makes too long goes without. */
msg_t *sipside_uac_request(struct sipside *side, const struct attempt *attempt)
{
	bool wrap = sipside_report_is_wanted(side, attempt);
	msg_t *msg = build(side, attempt, wrap);

	if (msg && wrap && is_too_long(side, attempt, msg)) {
		msg_destroy(msg);
		wrap = false;
		msg = build(side, attempt, wrap);
	}
	if (msg && wrap)
		sipside_report_note(side, attempt);
	return msg;
}
