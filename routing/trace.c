#include "routing/trace.h"

#include <stddef.h>

void route_trace_overlay(const struct route_trace *trace, const char *prefix,
			 const char *uri)
{
	if (trace && trace->overlay)
		trace->overlay(prefix, uri, trace->lookup.arg);
}

void route_trace_im(const struct route_trace *trace, const char *uri,
		    enum route_status status)
{
	if (trace && trace->im)
		trace->im(uri, status, trace->lookup.arg);
}

void route_trace_asked(const struct route_trace *trace, const char *name,
		       const struct dns_answer *answer, double ms)
{
	if (trace && trace->asked)
		trace->asked(name, answer, ms, trace->lookup.arg);
}

void route_trace_hop(const struct route_trace *trace, const struct hop *hop,
		     enum route_status status)
{
	if (trace && trace->hop)
		trace->hop(hop, status, trace->lookup.arg);
}
