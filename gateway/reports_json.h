#ifndef IMGW_GATEWAY_REPORTS_JSON_H
#define IMGW_GATEWAY_REPORTS_JSON_H

/** An entry of the table of reports as text, for the store and for operators
 *  who look into it. Pure. */

#include <jansson.h>

#include "enum/text.h"
#include "gateway/reports.h"

/** @return the caller's: free(); NULL: out of memory, or a string of it is not
 *          UTF-8 */
char *reports_json_write(const struct report *report);

/** Read it back. What is not there is empty; what we do not know is left out.
 *  @param id  of the message; borrowed
 *  @param report_out  its strings are the document's
 *  @return the document, the caller's: json_decref; NULL: it is none of ours,
 *          or out of memory */
json_t *reports_json_read(struct span text, const char *id,
			  struct report *report_out);

#endif
