#ifndef IMGW_ROUTING_PLAN_TARGET_H
#define IMGW_ROUTING_PLAN_TARGET_H

/** What the kinds of targets mean to a plan: where each begins, and what is
 *  left to it at the end. No DNS. */

#include "routing/plan.h"

/** Is the target the only thing that there is to look at? Then it decides
 *  why there is no hop. */
bool plan_target_is_uri(enum plan_kind kind);

/** Is it a reply to a sip: URI and not to a number (CONF-26)? */
bool plan_target_is_sip(enum plan_kind kind, struct span uri);

/** The operator's entry for a number, told to the watcher; or NULL. */
const struct policy_number *
plan_target_overlay(enum plan_kind kind, const struct policy *policy,
		    const char *number, const struct route_trace *trace);

/** The operator's next hop for what is left over, or NULL. */
const char *plan_target_server(enum plan_kind kind,
			       const struct policy *policy);

/** Read an im: URI, told to the watcher.
 *  @return ROUTE_OK, those of im_uri_parse, ROUTE_OWN_DOMAIN */
MUST_USE enum route_status plan_target_im(const char *uri,
					  const struct policy *policy,
					  const struct route_trace *trace,
					  struct im_uri *im_out);

#endif
