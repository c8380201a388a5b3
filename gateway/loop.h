#ifndef IMGW_GATEWAY_LOOP_H
#define IMGW_GATEWAY_LOOP_H

/** The life of the program's own loop; what runs in it sees enum/loop.h. */

#include "enum/loop.h"
#include "gateway/status.h"

/** Make a loop for the calling thread, which is the one that runs it.
 *  @param loop_out  the caller's: loop_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status loop_create(struct loop **loop_out);

/** Turn until loop_stop. */
void loop_run(struct loop *loop);

/** Let loop_run return after the current turn. */
void loop_stop(struct loop *loop);

/** Free; clears; takes NULL. Timers and watches must be gone. */
void loop_destroy(struct loop **loop);

#endif
