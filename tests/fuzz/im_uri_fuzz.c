/** Any octets as im: URI. What is accepted is clean, and writes as a JID that
 *  reads as itself. */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <unistr.h>

#include "routing/im_uri.h"
#include "routing/jid.h"
#include "routing/uri_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_domain(const char *domain)
{
	char again[IM_DOMAIN_SIZE];

	assert(strchr(domain, '.'));
	assert(im_domain_parse(span_of(domain), again, sizeof again) ==
	       ROUTE_OK);
	assert(strcmp(domain, again) == 0);
}

static void check_jid(const struct im_uri *im)
{
	char text[JID_SIZE];
	struct text out;
	struct jid jid, again;

	if (jid_from_im(im, &jid) != ROUTE_OK)
		return;
	text_init(&out, text, sizeof text);
	jid_write(&jid, true, &out);
	assert(!out.cut);
	assert(jid_parse(span_of(text), &again) == ROUTE_OK);
	assert(strcmp(jid.local, again.local) == 0);
	assert(strcmp(jid.domain, again.domain) == 0);
	assert(!again.resource[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct im_uri im;

	if (im_uri_parse((struct span){ (const char *)data, size }, &im) !=
	    ROUTE_OK)
		return 0;
	assert(im.local[0]);
	assert(uri_is_text(span_of(im.user), uri_is_user_char));
	assert(!u8_check((const uint8_t *)im.local, strlen(im.local)));
	check_domain(im.domain);
	check_jid(&im);
	return 0;
}
