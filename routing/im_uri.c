#include "routing/im_uri.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <unistr.h>

#include "routing/domain.h"
#include "routing/uri_text.h"

/* A raw '?' starts the headers, in a mailbox it comes as %3F. */
static bool is_mailbox_char(char c)
{
	return c != '?' && uri_is_user_char(c);
}

/* C0, DEL and C1 (SEC-5). Takes valid UTF-8. */
static bool has_control(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	ucs4_t c;

	while ((at = u8_next(&c, at)))
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return true;
	return false;
}

static bool parse_local(struct span local, struct im_uri *im_out)
{
	if (local.len == 0 || !uri_is_text(local, is_mailbox_char) ||
	    !span_copy(local, im_out->user, sizeof im_out->user) ||
	    !span_percent_decode(local, im_out->local, sizeof im_out->local))
		return false;
	return !u8_check((const uint8_t *)im_out->local,
			 strlen(im_out->local)) &&
	       !has_control(im_out->local);
}

/* U-labels come percent-encoded in a URI (RFC 3986, 3.2.2). */
static enum route_status parse_domain(struct span domain, struct im_uri *im_out)
{
	char decoded[4 * IM_DOMAIN_SIZE];

	if (!span_percent_decode(domain, decoded, sizeof decoded))
		return ROUTE_BAD_DOMAIN;
	return im_domain_parse(span_of(decoded), im_out->domain,
			       sizeof im_out->domain);
}

enum route_status im_uri_parse(struct span uri, struct im_uri *im_out)
{
	struct span mailbox, local;

	if (!span_starts_nocase(uri, "im:"))
		return ROUTE_BAD_URI;
	uri = span_skip(uri, strlen("im:"));
	if (!span_cut(&uri, '?', &mailbox) ||
	    !span_cut(&mailbox, '@', &local) || !mailbox.at ||
	    !parse_local(local, im_out))
		return ROUTE_BAD_URI;
	return parse_domain(mailbox, im_out);
}

static bool is_all_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

/* IM-2: no search list, no address. In the public DNS no top label is a
 * number, so what ends in one is an address or a mistake (RFC 1123, 2.1). */
enum route_status im_domain_parse(struct span domain, char *domain_out,
				  size_t size)
{
	enum route_status status = domain_to_ascii(domain, domain_out, size);
	const char *dot;

	if (status != ROUTE_OK)
		return status;
	dot = strrchr(domain_out, '.');
	return dot && !is_all_digits(dot + 1) ? ROUTE_OK : ROUTE_BAD_DOMAIN;
}
