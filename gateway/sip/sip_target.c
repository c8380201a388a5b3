#include "gateway/sip/sip_private.h"

#include <string.h>

#include "enum/e164.h"
#include "enum/tel.h"
#include "routing/im_uri.h"
#include "routing/jid.h"
#include "routing/sip_uri.h"

static const struct sipside_final go_on = { 0 };

static struct sipside_final no(int code, const char *reason)
{
	return (struct sipside_final){ .code = code, .reason = reason };
}

/* What a number that cannot be routed is answered (standards map 0.5). */
static struct sipside_final judge_number(enum enum_status status,
					 const struct tel *tel)
{
	if (status == ENUM_LOCAL_NUMBER) /* TEL-4 */
		return no(404, "Local Number");
	if (status == ENUM_TOO_LONG)
		return no(414, NULL);
	if (status != ENUM_OK) /* TEL-1, TEL-3, TEL-7 */
		return no(400, "Bad Telephone Number");
	if (!e164_is_number(tel->number)) /* ENUM-42, CONF-23 */
		return no(404, "Not an E.164 Number");
	return go_on;
}

static bool is_enumdi(struct span parameter)
{
	struct span name;

	return span_cut(&parameter, '=', &name) &&
	       span_is_nocase(name, "enumdi");
}

/* The number as sent, but without ;enumdi: TEL-13, what a peer says that is
 * not believed is found out again. */
static void add_number(const struct tel *tel, bool believed, struct text *out)
{
	struct span rest = span_skip(tel->params, 1), parameter;

	text_add_span(out, tel->as_sent);
	while (span_cut(&rest, ';', &parameter)) {
		if (!believed && is_enumdi(parameter))
			continue;
		text_add_char(out, ';');
		text_add_span(out, parameter);
	}
}

static struct sipside_final take_number(struct sipside_request *r,
					struct span subscriber)
{
	const bool believed = r->trust == ADMISSION_TRUSTED;
	struct tel tel;
	struct sipside_final final =
		judge_number(tel_parse(subscriber, &tel), &tel);
	struct text target;

	if (final.code)
		return final;
	r->kind = PLAN_NUMBER;
	r->skip_enum = tel.enumdi && believed; /* TEL-12 */
	text_init(&target, r->target, sizeof r->target);
	add_number(&tel, believed, &target);
	return target.cut ? no(414, NULL) : go_on;
}

/* IM-25: only neighbours that are believed may leave an im: URI to us. */
static struct sipside_final take_im(struct sipside_request *r)
{
	enum route_status status;
	struct im_uri im;

	if (r->trust != ADMISSION_TRUSTED)
		return no(403, NULL);
	status = im_uri_parse(r->uri, &im);
	if (status == ROUTE_BAD_DOMAIN)
		return no(404, "Bad Domain");
	if (status != ROUTE_OK)
		return no(400, "Bad Request-URI");
	r->kind = PLAN_IM;
	if (!span_copy(r->uri, r->target, sizeof r->target))
		return no(414, NULL);
	return go_on;
}

/* TEL-9, TEL-11: at our own domain a leading '+' says enough, and without it
 * user=phone is no global number. */
static bool is_global(const struct sip_uri *sip)
{
	return span_starts_nocase(sip->user, "+") ||
	       span_starts_nocase(sip->user, "%2b");
}

/* SEC-3: nothing is relayed to a foreign domain, but a handset may answer the
 * XMPP user whose JID we wrote into From (CONF-13); the middle knows who wrote
 * to whom. Any of his devices will do, so the resource is left out. */
static struct sipside_final take_jid(struct sipside_request *r)
{
	struct text target;
	struct jid jid;

	text_init(&target, r->target, sizeof r->target);
	if (!r->side->options.xmpp_domain ||
	    jid_from_sip(r->uri, &jid) != ROUTE_OK)
		return no(403, "Not Our Domain");
	jid_write(&jid, false, &target);
	r->kind = PLAN_JID;
	return target.cut ? no(414, NULL) : go_on;
}

static struct sipside_final take_sip(struct sipside_request *r)
{
	struct sip_uri sip;

	if (sip_uri_parse(r->uri, &sip) != ROUTE_OK)
		return no(400, "Bad Request-URI");
	if (sip.headers.len) /* SIP-47 */
		return no(400, "Headers in Request-URI");
	if (!sipside_is_us(r->side, sip.host, sip.port))
		return take_jid(r);
	if (!is_global(&sip)) /* ENUM-3: a user of ours, and we have none */
		return no(404, NULL);
	return take_number(r, sip.user);
}

/* RFC 3261, 8.1.2: who asks for sips: means each hop. */
static void write_route(struct sipside_request *r, struct span route,
			struct text *out)
{
	if (span_starts_nocase(r->uri, "sips:") &&
	    span_starts_nocase(route, "sip:")) {
		text_add(out, "sips:");
		route = span_skip(route, strlen("sip:"));
	}
	text_add_span(out, route);
}

/* SIP-27: the next hop is the Route; what the Request-URI says is not our
 * affair then. */
static struct sipside_final take_route(struct sipside_request *r)
{
	const char *route = url_as_string(msg_home(r->msg), r->route->r_url);
	struct sip_uri sip;
	struct text target;

	if (!route)
		return no(500, NULL);
	if (sip_uri_parse(span_of(route), &sip) != ROUTE_OK || sip.headers.len)
		return no(400, "Bad Route");
	r->kind = PLAN_ROUTE;
	text_init(&target, r->target, sizeof r->target);
	write_route(r, span_of(route), &target);
	return target.cut ? no(414, NULL) : go_on;
}

struct sipside_final sipside_target(struct sipside_request *request)
{
	struct span uri = request->uri;

	if (request->route)
		return take_route(request);
	if (span_starts_nocase(uri, "tel:"))
		return take_number(request, span_skip(uri, strlen("tel:")));
	if (span_starts_nocase(uri, "im:"))
		return take_im(request);
	if (span_starts_nocase(uri, "sip:") || span_starts_nocase(uri, "sips:"))
		return take_sip(request);
	return no(416, NULL); /* SIP-25 */
}
