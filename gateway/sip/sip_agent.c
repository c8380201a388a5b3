#include "gateway/sip/sip_private.h"

#include <stdint.h>
#include <string.h>

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/su_errno.h>
#include <sofia-sip/tport_tag.h>

#include "gateway/log.h"
#include "gateway/loop_su.h"

/** A whole request: the largest body and its headers. */
#define REQUEST_MAX (2 * 65536)

/** sofia-sip's Timer E is put out of reach: sip_out.c sends again by itself,
 *  because NTA has no way to end a client transaction other than INVITE
 *  before Timer F (32 s), and what we have given up must not be sent again. NTA
 *  keeps the interval in 16 bits. */
#define NO_TIMER_E_MS UINT16_MAX

/** Connections without traffic, and those that stop in mid-message. */
#define TCP_IDLE_MS    (10 * 60 * 1000)
#define TCP_STALLED_MS (30 * 1000)

/** Requests waiting for one connection, and the listen backlog. */
#define TCP_QUEUE 256

/** Where the library finds no key and no certificate: sip_tls.c knows them. */
#define NO_FOLDER "/dev/null"

/** Asked from the kernel, which may give less. */
#define UDP_BUFFER (4 * 1024 * 1024)

static enum gateway_status create_agent(struct sipside *side)
{
	sipside_stack_tame();
	/* No leg: NTA gives us each new request, and makes a transaction only
	 * when we ask for one. A wrong Date is not ours to judge (RFC 4475,
	 * 3.1.2.12), a wrong Route or Content-Type is. */
	side->agent = nta_agent_create(
		loop_su_root(side->loop), (url_string_t *)-1, sipside_in, side,
		NTATAG_UA(0), NTATAG_USE_NAPTR(0), NTATAG_USE_SRV(0),
		NTATAG_MAXSIZE(REQUEST_MAX), NTATAG_UDP_MTU(65535),
		NTATAG_SIP_T1(NO_TIMER_E_MS), NTATAG_SERVER_RPORT(1),
		NTATAG_CLIENT_RPORT(1), NTATAG_EXTRA_100(0), NTATAG_PASS_100(1),
		NTATAG_TIMEOUT_408(0),
		/* SIP-37, SIP-43: keep what came, octet for octet */
		NTATAG_SIPFLAGS(MSG_DO_EXTRACT_COPY),
		NTATAG_BAD_REQ_MASK(sip_mask_request | sip_mask_ua |
				    sip_mask_proxy),
		TAG_END());
	return side->agent ? GATEWAY_OK : GATEWAY_NO_MEMORY;
}

static void log_listener(const struct listen_address *listen, int error)
{
	log_event(error ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO,
		  error ? "listen-failed" : "listening",
		  FIELD_TEXT("transport", transport_word(listen->transport)),
		  FIELD_TEXT("address", listen->address),
		  FIELD_INT("port", listen->port),
		  FIELD_TEXT("error", error ? strerror(error) : NULL));
}

static enum gateway_status open_listener(struct sipside *side,
					 const struct listen_address *listen)
{
	const bool is_tls = listen->transport == TRANSPORT_TLS;
	const bool v6 = strchr(listen->address, ':') != NULL;
	char url[128];
	struct text text;
	int error;

	text_init(&text, url, sizeof url);
	text_addf(&text, "%s:%s%s%s:%u;transport=%s", is_tls ? "sips" : "sip",
		  v6 ? "[" : "", listen->address, v6 ? "]" : "",
		  (unsigned)listen->port, transport_word(listen->transport));
	if (is_tls)
		sipside_tls_catch(side->tls);
	error = nta_agent_add_tport(
			side->agent, URL_STRING_MAKE(url),
			TPTAG_PONG2PING(listen->transport != TRANSPORT_UDP),
			TPTAG_IDLE(TCP_IDLE_MS), TPTAG_TIMEOUT(TCP_STALLED_MS),
			TPTAG_QUEUESIZE(TCP_QUEUE), TPTAG_UDP_RMEM(UDP_BUFFER),
			TPTAG_UDP_WMEM(UDP_BUFFER),
			TAG_IF(is_tls, TPTAG_CERTIFICATE(NO_FOLDER)),
			/* what waits for a handshake hears of its failure */
			TAG_IF(is_tls, TPTAG_SDWN_ERROR(1)), TAG_END()) < 0
			? su_errno()
			: 0;
	log_listener(listen, error);
	if (error)
		return GATEWAY_CANNOT_BIND;
	return is_tls ? sipside_tls_settle(side->tls) : GATEWAY_OK;
}

static bool listens_on_tls(const struct sipside_options *options)
{
	for (size_t i = 0; i < options->listen_count; i++)
		if (options->listen[i].transport == TRANSPORT_TLS)
			return true;
	return false;
}

static enum gateway_status create_tls(struct sipside *side)
{
	const struct sipside_options *o = &side->options;
	const struct sipside_tls_options options = {
		.cert_file = o->tls.cert_file,
		.key_file = o->tls.key_file,
		.ca_file = o->tls.ca_file,
		.verify = o->tls.verify,
		.handshake_ms = o->connect_timeout_ms,
	};

	if (!listens_on_tls(o))
		return GATEWAY_OK;
	return sipside_tls_create(side->loop, &options, &side->tls);
}

enum gateway_status sipside_agent_open(struct sipside *side)
{
	enum gateway_status status = create_agent(side), one;

	if (status == GATEWAY_OK)
		status = create_tls(side);
	if (status != GATEWAY_OK)
		return status;
	for (size_t i = 0; i < side->options.listen_count; i++) {
		one = open_listener(side, &side->options.listen[i]);
		if (one != GATEWAY_OK)
			status = one;
	}
	return status;
}
