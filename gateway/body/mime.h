#ifndef IMGW_GATEWAY_BODY_MIME_H
#define IMGW_GATEWAY_BODY_MIME_H

/** MIME entities (RFC 2045): the fields in front of a body, and what stands
 *  in them. Everything is borrowed from the octets that were read. Pure. */

#include "enum/status.h"
#include "enum/text.h"

/** The fields that matter here, as they stand: a folded one holds its line
 *  breaks. One that is not there has `at` NULL. */
struct mime {
	struct span type;	 /* Content-Type */
	struct span encoding;	 /* Content-Encoding (SIP's, not MIME's) */
	struct span transfer;	 /* Content-Transfer-Encoding */
	struct span disposition; /* Content-Disposition */
	struct span language;	 /* Content-Language */
	struct span id;		 /* Content-ID */
	struct span body;
};

/** Read fields, the blank line and the body. Lines end in CRLF or LF; without
 *  a blank line there is no body.
 *  @return false: a line is no field, or one of ours stands there twice, so
 *          that two readers could see two different messages */
MUST_USE bool mime_read(struct span octets, struct mime *out);

/** What a field says before its parameters, without the space around it. */
struct span mime_value(struct span field);

/** A parameter of a field, out of its quotes (RFC 2045, 5.1).
 *  @param name  without case
 *  @param out   the value is appended; cut when it does not fit
 *  @return whether it is there */
bool mime_parameter(struct span field, const char *name, struct text *out);

/** Cut off a line without its end, LF or CRLF.
 *  @return false: nothing was left (see span_cut) */
bool mime_line(struct span *rest, struct span *line_out);

/** Without spaces, tabs and line breaks at both ends. */
struct span mime_trim(struct span s);

#endif
