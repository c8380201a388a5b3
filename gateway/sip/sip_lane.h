#ifndef IMGW_GATEWAY_SIP_LANE_H
#define IMGW_GATEWAY_SIP_LANE_H

/** One MESSAGE at a time to one URI, when we are the UAC (SIP-21, RFC 3428,
 *  8): a lane is the queue in front of one destination. */

#include <stdbool.h>

#include "gateway/status.h"

/** Messages in one lane, the one under way included (CONF-22). */
#define SIPSIDE_LANE_MAX 64

struct sipside_lane;
struct sipside_lanes;

/** A place in a lane; part of what waits there. */
struct sipside_place {
	struct sipside_lane *lane; /* NULL: in none */
	struct sipside_place *next;
	void *owner;
};

/** @return NULL: out of memory */
struct sipside_lanes *sipside_lanes_create(void);

/** Free; takes NULL. All lanes must be empty. */
void sipside_lanes_destroy(struct sipside_lanes *lanes);

/** Octets of a key; what is longer is cut. */
#define SIPSIDE_LANE_KEY_SIZE 512

/** What two spellings of one URI have in common: numbers as in RFC 3966, 4
 *  (TEL-8); of a sip: URI all but its user is without case (TEL-20). */
void sipside_lane_key(const char *uri, char out[SIPSIDE_LANE_KEY_SIZE]);

/** Queue up behind the others for the same URI.
 *  @param uri  any spelling of it
 *  @param first_out  is nobody before us?
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_TOO_LARGE lane is full */
MUST_USE enum gateway_status sipside_lane_enter(struct sipside_lanes *lanes,
						const char *uri,
						struct sipside_place *place,
						bool *first_out);

/** Leave, from anywhere in the lane.
 *  @return the owner of the place whose turn it is now, or NULL */
void *sipside_lane_leave(struct sipside_lanes *lanes,
			 struct sipside_place *place);

#endif
