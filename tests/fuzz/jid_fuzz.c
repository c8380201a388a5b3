/** Any octets as JID, and as the local part of another protocol. Parse, write
 *  and parse again is stable; what is escaped comes back. */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "routing/jid.h"
#include "routing/sip_uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_stable(const struct jid *jid)
{
	char text[JID_SIZE];
	struct text out;
	struct jid again;

	text_init(&out, text, sizeof text);
	jid_write(jid, true, &out);
	assert(!out.cut);
	assert(jid_parse(span_of(text), &again) == ROUTE_OK);
	assert(strcmp(jid->local, again.local) == 0);
	assert(strcmp(jid->domain, again.domain) == 0);
	assert(strcmp(jid->resource, again.resource) == 0);
}

static void check_sip(const struct jid *jid)
{
	char text[3 * JID_SIZE];
	struct text out;
	struct sip_uri uri;

	text_init(&out, text, sizeof text);
	if (jid_to_sip(jid, &out) != ROUTE_OK)
		return;
	assert(sip_uri_parse(span_of(text), &uri) == ROUTE_OK);
	assert((uri.user.len > 0) == (jid->local[0] != '\0'));
	assert((uri.gr.len > 0) == (jid->resource[0] != '\0'));
	assert(uri.port == 0 && !uri.has_transport && !uri.headers.len);
}

/* Prepared or not, no escape is lost or made. */
static void check_escapes(const char *text)
{
	char escaped[JID_PART_SIZE], plain[JID_PART_SIZE], again[JID_PART_SIZE];

	if (jid_escape(text, escaped, sizeof escaped) == ROUTE_OK) {
		assert(jid_unescape(escaped, plain, sizeof plain) == ROUTE_OK);
		assert(strcmp(text, plain) == 0);
		assert(!strpbrk(escaped, " \"&'/:<>@"));
	}
	if (jid_escape_prepared(text, escaped) == ROUTE_OK) {
		assert(jid_unescape(escaped, plain, sizeof plain) == ROUTE_OK);
		assert(jid_escape_prepared(plain, again) == ROUTE_OK);
		assert(strcmp(escaped, again) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size };
	char text[JID_PART_SIZE];
	struct jid jid;

	if (jid_parse(input, &jid) == ROUTE_OK) {
		check_stable(&jid);
		check_sip(&jid);
	}
	if (span_copy(input, text, sizeof text))
		check_escapes(text);
	return 0;
}
