#ifndef IMGW_GATEWAY_BODY_REFUSAL_H
#define IMGW_GATEWAY_BODY_REFUSAL_H

/** How the readers of content say no: false, and why. */

#include "gateway/outcome.h"

/** @return false, so that it can stand in a return */
static inline bool refuse(struct outcome *no_out, int code, const char *reason)
{
	*no_out = outcome_of_sip(code, reason);
	return false;
}

/** @return false */
static inline bool refuse_no_memory(struct outcome *no_out)
{
	*no_out = outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
	return false;
}

#endif
