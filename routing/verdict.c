#include "routing/verdict.h"

#include <stddef.h>

static bool is_refusal(enum route_status status)
{
	return status == ROUTE_BAD_URI || status == ROUTE_BAD_DOMAIN ||
	       status == ROUTE_OWN_DOMAIN || status == ROUTE_PRIVATE;
}

void verdict_note(struct verdict *verdict, enum route_status status,
		  const char *reason)
{
	bool unsure = status == ROUTE_TEMPORARY;

	if (!verdict->reason || (unsure && !verdict->unsure))
		verdict->reason = reason;
	if (unsure)
		verdict->unsure = true;
	if (is_refusal(status))
		verdict->refusal = status;
}

enum route_status verdict_status(const struct verdict *verdict, bool only_uri)
{
	if (verdict->unsure)
		return ROUTE_TEMPORARY;
	return only_uri && verdict->refusal != ROUTE_OK ? verdict->refusal
							: ROUTE_NOT_FOUND;
}

const char *verdict_reason(const struct verdict *verdict, enum route_status end)
{
	bool told = end == ROUTE_NOT_FOUND || end == ROUTE_TEMPORARY;

	return told && verdict->reason ? verdict->reason
				       : route_status_text(end);
}
