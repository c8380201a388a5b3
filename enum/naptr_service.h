#ifndef IMGW_ENUM_NAPTR_SERVICE_H
#define IMGW_ENUM_NAPTR_SERVICE_H

/** The services field of a NAPTR record (RFC 6116, 3.4.3). Private to
 *  naptr.c. */

#include "enum/status.h"
#include "enum/text.h"

/** Does the field offer the Enumservice `im` (RFC 5028)? "E2U+pres+im" and
 *  the obsolete "pres+im+E2U" are both understood (ENUM-7..10).
 *  @return ENUM_OK; ENUM_NOT_ENUM when it is not of ENUM's grammar;
 *          ENUM_SERVICE_NOT_IM when it is, and no member is plain `im` */
MUST_USE enum enum_status naptr_service_check(struct span services);

#endif
