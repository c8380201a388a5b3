#ifndef IMGW_GATEWAY_BODY_DATETIME_H
#define IMGW_GATEWAY_BODY_DATETIME_H

/** Points in time as XMPP and CPIM write them (XEP-0082, 3.2; RFC 3339).
 *  Pure. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/text.h"

/** Append "2026-01-02T03:04:05Z". @param at_s  seconds since 1970, not
 *  negative */
void datetime_write(int64_t at_s, struct text *out);

/** Read such a text; a fraction is dropped, an offset from UTC reckoned in.
 *  @param at_s_out  seconds since 1970
 *  @return false: it is none, or before 1970 */
bool datetime_read(struct span text, int64_t *at_s_out);

#endif
