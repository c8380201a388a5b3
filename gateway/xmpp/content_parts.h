#ifndef IMGW_GATEWAY_XMPP_CONTENT_PARTS_H
#define IMGW_GATEWAY_XMPP_CONTENT_PARTS_H

/** Inside of content_read: which parts of a multipart are shown (RFC 2046,
 *  5.1; RFC 5621). Each function is a content_show for one type. */

#include "gateway/xmpp/content_show.h"

/** A part of a whole. One that cannot be shown, or is not for display by its
 *  Content-Disposition, is left out when it is marked handling=optional; the
 *  default is required (RFC 3261, 20.11).
 *  @return false: it had to be shown */
MUST_USE bool content_show_part(struct content_reading *r,
				const struct mime *part);

/** multipart/mixed and those that nobody knows: all parts in turn. */
MUST_USE bool content_show_mixed(struct content_reading *r,
				 const struct mime *multipart);

/** multipart/alternative: the one part that can be shown best; of several
 *  equal ones the last (RFC 2046, 5.1.4). */
MUST_USE bool content_show_best(struct content_reading *r,
				const struct mime *multipart);

/** multipart/related: the root; what it refers to has no place in text
 *  (RFC 2387). */
MUST_USE bool content_show_root(struct content_reading *r,
				const struct mime *multipart);

/** multipart/signed: what is signed, without its signature, which nobody
 *  could check any more (RFC 1847, 2.1; SEC-1). */
MUST_USE bool content_show_first(struct content_reading *r,
				 const struct mime *multipart);

#endif
