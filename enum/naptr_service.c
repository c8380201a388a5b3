#include "enum/naptr_service.h"

#define TOKEN_MAX 32 /* octets of a type or subtype (ENUM-7) */

static bool is_token(struct span s)
{
	if (s.len == 0 || s.len > TOKEN_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alpha(s.at[i]) && !ascii_is_digit(s.at[i]) &&
		    s.at[i] != '-')
			return false;
	return true;
}

/* type *(":" subtype) */
static bool is_enumservice(struct span s)
{
	struct span token;

	while (span_cut(&s, ':', &token))
		if (!is_token(token))
			return false;
	return true;
}

/* Take "E2U+" off the front or, as RFC 2916 had it, "+E2U" off the end. */
static bool take_protocol(struct span *services)
{
	const size_t len = sizeof "E2U+" - 1;

	if (services->len <= len)
		return false;
	if (span_starts_nocase(*services, "E2U+")) {
		*services = span_skip(*services, len);
		return true;
	}
	services->len -= len;
	return span_is_nocase(
		(struct span){ services->at + services->len, len }, "+E2U");
}

enum enum_status naptr_service_check(struct span services)
{
	enum enum_status status = ENUM_SERVICE_NOT_IM;
	struct span member;

	if (!take_protocol(&services))
		return ENUM_NOT_ENUM;
	while (span_cut(&services, '+', &member)) {
		if (!is_enumservice(member))
			return ENUM_NOT_ENUM;
		/* Other members are passed over (ENUM-9), "P-im" and "X-im"
		 * among them (ENUM-34), and "im:x", which nobody registered
		 * (ENUM-8). */
		if (span_is_nocase(member, "im"))
			status = ENUM_OK;
	}
	return status;
}
