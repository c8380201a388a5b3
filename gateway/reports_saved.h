#ifndef IMGW_GATEWAY_REPORTS_SAVED_H
#define IMGW_GATEWAY_REPORTS_SAVED_H

/** The table of reports (gateway/reports.h) written down as notes of the store,
 *  so that a report is believed after a restart and by another node. What is
 *  in the table is believed without asking; what is not, is asked for first
 *  and then put into the table. */

#include <stdbool.h>

#include "gateway/notes.h"
#include "gateway/reports.h"
#include "gateway/status.h"

struct reports_saved;

/** A question under way. */
struct reports_look;

/** @param reports  borrowed, must outlive it; its watch is ours
 *  @param notes    the same
 *  @param saved_out  the caller's: reports_saved_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
reports_saved_create(struct reports *reports, struct notes *notes,
		     struct reports_saved **saved_out);

/** Free; clears; takes NULL. The loop does not turn again. */
void reports_saved_destroy(struct reports_saved **saved);

/** See to it that the table knows of a message what there is to know.
 *  @param saved  NULL: there is nothing to ask
 *  @param done  once, from the loop, never before this returns, never after
 *               reports_saved_cancel
 *  @param look_out  the caller's until then
 *  @return false: it does already, or it never will; `done` will not run */
MUST_USE bool reports_saved_ask(struct reports_saved *saved, const char *id,
				void (*done)(void *arg), void *arg,
				struct reports_look **look_out);

/** The caller has lost interest; clears; takes NULL. */
void reports_saved_cancel(struct reports_look **look);

/** Other nodes may have sent reports up to now: forget what was in the table,
 *  and ask. Takes NULL. */
void reports_saved_renew(struct reports_saved *saved);

#endif
