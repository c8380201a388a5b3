#ifndef IMGW_ROUTING_RESOLVE_PROBE_H
#define IMGW_ROUTING_RESOLVE_PROBE_H

/** The questions that an im: domain may cost, in the order of resolve.h.
 *  Pure; resolve.c decides which of them are really asked. */

#include <stddef.h>

#include "enum/dns_answer.h"
#include "routing/hop.h"

/** The three steps of resolve.h. */
enum resolve_step { RESOLVE_LABEL, RESOLVE_OWN, RESOLVE_ADDRESS };

struct resolve_probe {
	enum resolve_step step;
	enum protocol protocol;
	const char *prefix; /* in front of the domain */
	enum dns_type type;
};

/** Room for all probes of all protocols. */
#define RESOLVE_PROBES_MAX 16

/** List the probes in the order of time: step by step, and within a step by
 *  protocol as preferred; addresses for the first protocol only (IM-6).
 *  @return how many were written */
size_t resolve_probe_list(const enum protocol *prefer, size_t prefer_count,
			  const struct resolve_probe *out[RESOLVE_PROBES_MAX]);

#endif
