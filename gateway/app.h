#ifndef IMGW_GATEWAY_APP_H
#define IMGW_GATEWAY_APP_H

/** The running gateway: the only place that knows all parts. */

#include "gateway/config.h"

/** Start all parts, run until SIGTERM or SIGINT, finish what is in flight,
 *  stop. A second SIGTERM ends what is left with 503. SIGHUP checks the file
 *  again and says whether it could be used.
 *  @param config  borrowed until this returns
 *  @return the exit code of the process: 0 stopped as asked, 1 a part could
 *          not be started (said in the log) */
int app_run(const struct config *config);

#endif
