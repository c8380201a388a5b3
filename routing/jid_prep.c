#include "routing/jid_prep.h"

#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <stringprep.h>
#include <unistr.h>

#include "routing/domain.h"

static enum route_status prepare(struct span text,
				 const Stringprep_profile *profile,
				 char out[JID_PART_SIZE])
{
	int code;

	/* stringprep takes it for granted that its input is UTF-8 */
	if (!span_copy(text, out, JID_PART_SIZE) ||
	    u8_check((const uint8_t *)out, text.len))
		return ROUTE_BAD_URI;
	code = stringprep(out, JID_PART_SIZE, 0, profile);
	if (code == STRINGPREP_MALLOC_ERROR)
		return ROUTE_NO_MEMORY;
	/* some characters are mapped to nothing */
	return code == STRINGPREP_OK && out[0] ? ROUTE_OK : ROUTE_BAD_URI;
}

enum route_status jid_prep_local(struct span text, char out[JID_PART_SIZE])
{
	return prepare(text, stringprep_xmpp_nodeprep, out);
}

enum route_status jid_prep_resource(struct span text, char out[JID_PART_SIZE])
{
	return prepare(text, stringprep_xmpp_resourceprep, out);
}

/* Addresses are compared as text, so there is one way to write each. */
static enum route_status prepare_ipv6(struct span text, char out[JID_PART_SIZE])
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr octets;
	struct span inner = { text.at + 1, text.len - 2 };
	struct text t;

	if (!span_copy(inner, address, sizeof address) ||
	    inet_pton(AF_INET6, address, &octets) != 1)
		return ROUTE_BAD_DOMAIN;
	text_init(&t, out, JID_PART_SIZE);
	text_addf(&t, "[%s]",
		  inet_ntop(AF_INET6, &octets, address, sizeof address));
	return ROUTE_OK;
}

enum route_status jid_prep_domain(struct span text, char out[JID_PART_SIZE])
{
	char ascii[IM_DOMAIN_SIZE];
	enum route_status status;

	if (text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
		return prepare_ipv6(text, out);
	status = domain_to_ascii(text, ascii, sizeof ascii);
	if (status != ROUTE_OK)
		return status;
	return domain_to_unicode(ascii, out, JID_PART_SIZE);
}
