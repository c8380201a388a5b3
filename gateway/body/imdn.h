#ifndef IMGW_GATEWAY_BODY_IMDN_H
#define IMGW_GATEWAY_BODY_IMDN_H

/** message/imdn+xml (RFC 5438, 11): what became of a message. Pure. */

#include <stddef.h>
#include <stdint.h>

#include "enum/text.h"
#include "gateway/message.h"

#define IMDN_TYPE "message/imdn+xml"

/** A Message-ID with its terminator; ours have 20 octets. */
#define IMDN_ID_SIZE 128

struct imdn {
	char message_id[IMDN_ID_SIZE]; /* of the message reported */
	enum message_report report;    /* 0: nothing that we pass on */
};

/** @return false: it is no report, or there is no memory to read it */
MUST_USE bool imdn_read(struct span xml, struct imdn *out);

/** What a report says. */
struct imdn_content {
	const char *message_id;
	int64_t date_s;	       /* when the message was sent, wall clock */
	struct span recipient; /* URI that it was sent to */
	enum message_report report; /* one of them */
};

/** @param xml_out  the caller's: free(); terminated
 *  @return false: out of memory */
MUST_USE bool imdn_write(const struct imdn_content *content, char **xml_out);

/** May these octets be a Message-ID? */
bool imdn_is_id(struct span id);

/** Disposition-Notification (RFC 5438, 6.3) as bits of enum message_report;
 *  words that we do not know, and "processing" (RCPT-6), are passed over. */
unsigned imdn_dispositions(struct span value);

/** Append the words for such bits: "positive-delivery, display". */
void imdn_dispositions_write(unsigned wants, struct text *out);

#endif
