#ifndef IMGW_ROUTING_NUMBER_URI_H
#define IMGW_ROUTING_NUMBER_URI_H

/** One writing for all spellings of a number, and the sip: form of a number
 *  that is made of it (RFC 3261, 19.1.6). Pure. */

#include "enum/tel.h"
#include "enum/text.h"
#include "routing/sip_uri.h"

/** The canonical writing, terminator included: nothing grows but by enumdi. */
#define NUMBER_URI_SIZE (TEL_MAX + sizeof ";enumdi")

/** Append the canonical telephone-subscriber: no visual separators, lower
 *  case, isub and postd first, the other parameters by name (TEL-10). Equal
 *  numbers (TEL-8) become equal texts, others do not.
 *  @param enumdi  add it, once (TEL-14) */
void number_uri_canonical(const struct tel *tel, bool enumdi,
			  struct text *out);

/** Append sip: or sips:, the number in its canonical writing, host and port
 *  of the server, and ";user=phone" (TEL-10).
 *  @param server  whose host it is; parsed by sip_uri_parse */
void number_uri_sip(const struct tel *tel, bool enumdi,
		    const struct sip_uri *server, struct text *out);

#endif
