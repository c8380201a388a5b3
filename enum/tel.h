#ifndef IMGW_ENUM_TEL_H
#define IMGW_ENUM_TEL_H

/** tel: URIs (RFC 3966), with the parameters of RFC 4694 and RFC 4759. */

#include <stdbool.h>

#include "enum/status.h"
#include "enum/text.h"

/** A telephone-subscriber is at most this long in octets, parameters
 *  included; longer ones are ENUM_TOO_LONG. */
#define TEL_MAX 1024

/** A parsed telephone-subscriber. All spans borrow from what was parsed. */
struct tel {
	bool global;         /* begins with '+' */
	/* visual separators dropped; "+12025550100" or "5550100" */
	char number[TEL_MAX + 1];
	struct span as_sent; /* the number with its separators */
	struct span params;  /* all parameters as sent, first ';' included;
			      * empty when there are none */
	bool enumdi;         /* RFC 4759: ENUM was done, nothing found */
	bool npdi;           /* RFC 4694: portability was looked up */
	struct span rn;      /* RFC 4694 routing number, or empty */
};

/** Parse a telephone-subscriber: what follows "tel:", or the user part of
 *  sip:...;user=phone (RFC 3966, 3; RFC 3261, 19.1.6; TEL-1..3, 6, 7, 9).
 *  Percent-escapes are decoded only for the leading "%2B" (TEL-11).
 *  @return ENUM_OK            a global number, at least one digit
 *          ENUM_LOCAL_NUMBER  local with phone-context; tel_out is filled
 *          ENUM_NO_CONTEXT    local without phone-context
 *          ENUM_BAD_SYNTAX    anything else, duplicate parameters, isub with
 *                             ext, '*' or letters in a global number
 *          ENUM_UNKNOWN_MANDATORY  an m- parameter (checked last)
 *          ENUM_TOO_LONG      longer than TEL_MAX */
MUST_USE enum enum_status tel_parse(struct span subscriber,
				    struct tel *tel_out);

/** Append "tel:" number and parameters exactly as sent, then ";enumdi" when
 *  asked for and not there yet (TEL-7, TEL-12, TEL-14: once). */
void tel_write(const struct tel *tel, bool enumdi, struct text *out);

#endif
