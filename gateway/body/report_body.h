#ifndef IMGW_GATEWAY_BODY_REPORT_BODY_H
#define IMGW_GATEWAY_BODY_REPORT_BODY_H

/** What the body of a message from SIP has to do with reports (RFC 5438): the
 *  ones that it asks for, and the one that it is. */

#include <stdbool.h>

#include "enum/text.h"
#include "gateway/message.h"
#include "gateway/reports.h"

/** Enter a message in the table if its sender wants to hear what becomes of
 *  it, or is to be told of a failure in any case (reports_set_texts), and can
 *  be told (SEC-13). Without memory for that nobody hears.
 *  @param recipient  bare JID: who may report
 *  @return the reports that the sender asks for, as bits */
unsigned report_body_note(struct reports *reports,
			  const struct message *message, const char *recipient);

/** The report that the message is.
 *  @param xml_out  the document, borrowed
 *  @return false: it is none */
bool report_body_find(const struct message *message, struct span *xml_out);

#endif
