#ifndef IMGW_ROUTING_TRACE_H
#define IMGW_ROUTING_TRACE_H

/** Who watches stops 3 to 5: `imgw resolve` and the debug log. Any member
 *  may be NULL. Called in the order of events; arguments are valid during
 *  the call. */

#include "enum/lookup.h"
#include "routing/hop.h"
#include "routing/im_uri.h"
#include "routing/status.h"

struct route_trace {
	struct lookup_trace lookup; /* (3); its arg is used for all */
	/** (2) The overlay of the operator decided: "im:..." for a prefix. */
	void (*overlay)(const char *prefix, const char *uri, void *arg);
	/** (4) An im: URI is being resolved, or why it cannot be. */
	void (*im)(const char *uri, enum route_status status, void *arg);
	/** (4) A question for services or addresses was answered. */
	void (*asked)(const char *name, const struct dns_answer *answer,
		      double ms, void *arg);
	/** (5) A hop was added to the plan, or one left out and why. */
	void (*hop)(const struct hop *hop, enum route_status status,
		    void *arg);
};

/** Tell the watcher, if there is one: `trace` and its members may be NULL. */
void route_trace_overlay(const struct route_trace *trace, const char *prefix,
			 const char *uri);
void route_trace_im(const struct route_trace *trace, const char *uri,
		    enum route_status status);
void route_trace_asked(const struct route_trace *trace, const char *name,
		       const struct dns_answer *answer, double ms);
void route_trace_hop(const struct route_trace *trace, const struct hop *hop,
		     enum route_status status);

#endif
