#ifndef IMGW_ROUTING_POLICY_H
#define IMGW_ROUTING_POLICY_H

/** The operator's table: what decides before and after the DNS. Pure. */

#include <stdbool.h>
#include <stddef.h>

#include "routing/status.h"

/** Numbers that begin so go to this im: URI, before any ENUM. */
struct policy_number {
	const char *match; /* "+1202555" */
	const char *to;    /* "im:desk@im.example" */
};

/** Borrowed strings; must outlive what uses it. */
struct policy {
	const struct policy_number *numbers;
	size_t number_count;
	const char *fallback; /* sip: URI for numbers without IM, or NULL */
	const char *replies;  /* sip: URI for messages to numbers that come
			       * from XMPP, or NULL */
	const char *const *own_domains; /* SIP names and the XMPP domain: an
					 * im: URI there leads back (SEC-12) */
	size_t own_domain_count;
	bool numbers_as_sip;	  /* to fallback and replies: sip: URIs with
				   * user=phone, not tel: (TEL-10) */
	bool ruri_host_is_target; /* CONF-5: true: Request-URI by RFC 5509 */
};

/** The entry with the longest prefix of the number, or NULL. */
const struct policy_number *policy_overlay(const struct policy *policy,
					   const char *number);

/** Is the domain one of ours (ASCII case ignored)? */
bool policy_is_own_domain(const struct policy *policy, const char *domain);

#endif
