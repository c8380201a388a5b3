#include "routing/plan_target.h"

bool plan_target_is_uri(enum plan_kind kind)
{
	return kind == PLAN_IM || kind == PLAN_ROUTE || kind == PLAN_JID;
}

bool plan_target_is_sip(enum plan_kind kind, struct span uri)
{
	return kind == PLAN_REPLY && span_starts_nocase(uri, "sip:");
}

const struct policy_number *plan_target_overlay(enum plan_kind kind,
						const struct policy *policy,
						const char *number,
						const struct route_trace *trace)
{
	const struct policy_number *overlay;

	if (kind != PLAN_NUMBER)
		return NULL;
	overlay = policy_overlay(policy, number);
	if (overlay)
		route_trace_overlay(trace, overlay->match, overlay->to);
	return overlay;
}

const char *plan_target_server(enum plan_kind kind, const struct policy *policy)
{
	if (kind == PLAN_REPLY)
		return policy->replies;
	return kind == PLAN_NUMBER ? policy->fallback : NULL;
}

enum route_status plan_target_im(const char *uri, const struct policy *policy,
				 const struct route_trace *trace,
				 struct im_uri *im_out)
{
	enum route_status status = im_uri_parse(span_of(uri), im_out);

	if (status == ROUTE_OK && policy_is_own_domain(policy, im_out->domain))
		status = ROUTE_OWN_DOMAIN; /* it would come back: SEC-12 */
	route_trace_im(trace, uri, status);
	return status;
}
