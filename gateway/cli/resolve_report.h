#ifndef IMGW_GATEWAY_CLI_RESOLVE_REPORT_H
#define IMGW_GATEWAY_CLI_RESOLVE_REPORT_H

/** What `imgw resolve` saw on the way of one URI, as the JSON object that
 *  scripts read (resolve_json.c); people get it as text (resolve_text.c). */

#include <stdio.h>

#include <jansson.h>

#include "gateway/cli/cli.h"
#include "routing/plan.h"
#include "routing/trace.h"

struct resolve_report;

/** @return NULL: out of memory */
struct resolve_report *resolve_report_create(const char *uri);

/** Free; clears; takes NULL. */
void resolve_report_destroy(struct resolve_report **report);

/** Who watches the plan; lives as long as the report. */
const struct route_trace *resolve_report_trace(struct resolve_report *report);

/** The URI holds this number. */
void resolve_report_number(struct resolve_report *report, const char *e164);

/** One more hop of the plan. */
void resolve_report_hop(struct resolve_report *report, const struct hop *hop);

/** The end.
 *  @param code  CLI_YES, CLI_TRY_LATER or CLI_NO
 *  @param reason  why there is no route, or NULL
 *  @param sip_code  what a SIP sender gets, or 0
 *  @param retry_after_s  with that, or 0 */
void resolve_report_end(struct resolve_report *report, enum cli_exit code,
			const char *reason, int sip_code,
			unsigned retry_after_s);

/** The object of design: uri, result, exit, elapsed_ms, dnssec, steps, plan.
 *  Borrowed. @return NULL: memory ran out on the way */
json_t *resolve_report_json(struct resolve_report *report);

/** The same for people.
 *  @param records  print the records of each answer */
void resolve_text(json_t *object, bool records, FILE *out);

#endif
