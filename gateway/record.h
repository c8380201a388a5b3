#ifndef IMGW_GATEWAY_RECORD_H
#define IMGW_GATEWAY_RECORD_H

/** (8) The one line a message: event=relay, the line that support reads. */

#include <stdint.h>

#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/side.h"

/** What the relay noted on the way. Times are loop milliseconds, -1: not
 *  reached. */
struct record {
	const struct message *message;
	const struct hop *hop;      /* of the last attempt, or NULL */
	const struct outcome *outcome;
	unsigned hops_tried;
	int64_t arrived_ms;         /* (1) */
	int64_t planned_ms;         /* (5) first hop known */
	int64_t sent_ms;            /* (6) last attempt began */
	int64_t finished_ms;        /* (8) */
};

/** Write it, at info. */
void record_write(const struct record *record);

#endif
