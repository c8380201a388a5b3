/** Any octets as sip: URI, and as the sender of a message. */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "routing/jid.h"
#include "routing/sip_uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct span part, struct span whole)
{
	assert(part.len <= whole.len);
	assert(!part.at || (part.at >= whole.at &&
			    part.at + part.len <= whole.at + whole.len));
}

static void check_visible(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		assert(ascii_is_visible(s.at[i]));
}

static void check_uri(struct span text)
{
	struct sip_uri uri;

	if (sip_uri_parse(text, &uri) != ROUTE_OK)
		return;
	check_visible(text);
	check_inside(uri.user, text);
	check_inside(uri.host, text);
	check_inside(uri.gr, text);
	check_inside(uri.maddr, text);
	check_inside(uri.params, text);
	check_inside(uri.headers, text);
	assert(uri.host.len > 0 && uri.host.len < DNS_NAME_SIZE);
	assert(uri.has_transport || !uri.transport_known);
	(void)sip_uri_host_is_address(&uri);
}

/* Each sender has a name here, and it can be answered to. */
static void check_sender(struct span text)
{
	char written[JID_SIZE], uri[3 * JID_SIZE];
	struct text out, sip;
	struct jid jid, again;
	struct sip_uri parsed;

	if (text.len > JID_SENDER_MAX)
		return;
	assert(jid_from_sender(text, "gw.example.net", &jid) == ROUTE_OK);
	text_init(&out, written, sizeof written);
	jid_write(&jid, true, &out);
	assert(jid_parse(span_of(written), &again) == ROUTE_OK);
	assert(strcmp(jid.local, again.local) == 0);
	assert(strcmp(jid.domain, "gw.example.net") == 0);
	assert(strcmp(jid.resource, again.resource) == 0);
	text_init(&sip, uri, sizeof uri);
	assert(jid_to_sip(&jid, &sip) == ROUTE_OK);
	assert(sip_uri_parse(span_of(uri), &parsed) == ROUTE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };

	check_uri(text);
	check_sender(text);
	return 0;
}
