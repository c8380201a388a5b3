#ifndef IMGW_GATEWAY_ROUTES_H
#define IMGW_GATEWAY_ROUTES_H

/** What stops 3 to 5 stand on, made from the configuration: resolvers and
 *  their caches, the trees, the policy. `imgw run` and `imgw resolve` build
 *  the same. */

#include "enum/loop.h"
#include "gateway/config.h"
#include "gateway/status.h"
#include "routing/plan.h"

struct routes;

/** Open one channel with a cache for each distinct set of resolvers.
 *  @param config  borrowed; must outlive the routes
 *  @param routes_out  the caller's: routes_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_BAD_CONFIG (resolvers
 *          that cannot be used; also without any in resolv.conf) */
MUST_USE enum gateway_status routes_create(struct loop *loop,
					   const struct config *config,
					   struct routes **routes_out);

/** For plan_start; lives as long as the routes. */
const struct plan_config *routes_plan(const struct routes *routes);

/** Close and free; clears; takes NULL. No plan may be in flight. */
void routes_destroy(struct routes **routes);

#endif
