#ifndef IMGW_GATEWAY_BODY_CPIM_H
#define IMGW_GATEWAY_BODY_CPIM_H

/** message/cpim unwrapped (RFC 3862; IM-23). From, To and DateTime count for
 *  reports only: the message has come its way. Headers of name spaces that
 *  we do not know are passed over. Pure. */

#include "gateway/body/mime.h"

/** IMDN-Record-Routes that are looked at; more are passed over. */
#define CPIM_ROUTES_MAX 4

/** The headers of RFC 5438, 6, found by their name space, whatever the prefix
 *  is. The first of each name counts; one that is not there has `at` NULL. */
struct cpim_imdn {
	struct span message_id;	  /* imdn.Message-ID */
	struct span dispositions; /* imdn.Disposition-Notification */
	struct span original_to;  /* imdn.Original-To */
	struct span routes[CPIM_ROUTES_MAX]; /* imdn.IMDN-Record-Route */
	size_t route_count;
};

struct cpim {
	struct span from, to;	      /* the first of each; {NULL}: none */
	struct span date;	      /* DateTime (RFC 3339) */
	struct cpim_imdn imdn;
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

/** The URI in an address such as "Alice <im:alice@im.example>"; empty when it
 *  has none, or octets that no URI has. */
struct span cpim_uri(struct span address);

/** Undo the escapes of a header's value (RFC 3862, 2.3.2): \uXXXX, \n, ...
 *  What is no escape stays as it is.
 *  @param out  needs no more octets than the value has */
void cpim_unescape(struct span value, struct text *out);

#endif
