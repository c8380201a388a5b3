#ifndef IMGW_GATEWAY_BODY_CPIM_H
#define IMGW_GATEWAY_BODY_CPIM_H

/** message/cpim unwrapped (RFC 3862; IM-23). From, To and DateTime do not
 *  count: the message has come its way. Headers of other name spaces (imdn's
 *  among them) are not text. Pure. */

#include "gateway/body/mime.h"

struct cpim {
	struct span subject;	      /* with escapes; {NULL}: none */
	struct span subject_language; /* {NULL}: it does not say */
	bool required;		      /* Require names a header that we do not
				       * know: not to be processed (IM-24) */
	struct mime content;
};

/** Read the metadata and the content's own header. Of several subjects the
 *  one without a language is taken, else the first.
 *  @param body  the body of the message/cpim; borrowed by `out`
 *  @return false: a line is no header, or is folded, or the content's header
 *          is broken */
MUST_USE bool cpim_read(struct span body, struct cpim *out);

/** Undo the escapes of a header's value (RFC 3862, 2.3.2): \uXXXX, \n, ...
 *  What is no escape stays as it is.
 *  @param out  needs no more octets than the value has */
void cpim_unescape(struct span value, struct text *out);

#endif
