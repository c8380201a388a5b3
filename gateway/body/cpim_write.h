#ifndef IMGW_GATEWAY_BODY_CPIM_WRITE_H
#define IMGW_GATEWAY_BODY_CPIM_WRITE_H

/** message/cpim written (RFC 3862, 2; RFC 5438, 6). Pure. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/status.h"
#include "enum/text.h"

/** An entity and what stands around it. Addresses are URIs without angle
 *  brackets; nothing may hold a control character. */
struct cpim_envelope {
	struct span from, to;
	const char *message_id;	  /* imdn.Message-ID */
	int64_t date_s;		  /* DateTime: wall clock, written in UTC */
	unsigned wants;		  /* enum message_report: reports asked for */
	struct span routes;	  /* imdn.IMDN-Route: URIs, a blank between */
	const char *content_type;
	const char *disposition;  /* Content-Disposition, or NULL */
	struct span content;
};

/** @param body_out  the caller's: free(); `len_out` octets
 *  @return false: out of memory */
MUST_USE bool cpim_write(const struct cpim_envelope *envelope, char **body_out,
			 size_t *len_out);

#endif
