#ifndef IMGW_TESTS_SIDE_FAKE_H
#define IMGW_TESTS_SIDE_FAKE_H

/** gateway/side.h on a script: attempts wait until the test reports what
 *  became of them; answers are kept to be looked at. */

#include <stdbool.h>
#include <stddef.h>

#include "gateway/side.h"

struct side_fake;

/** What was seen of one message. */
struct side_fake_answer {
	unsigned count;  /* how often it was answered: must become 1 */
	struct outcome outcome;
	bool has_wire;
};

/** The sender's end of a message; freed by the side when it answers. It
 *  writes into an answer that the test owns. */
struct origin *side_fake_origin(struct side_fake_answer *answer);

/** @return never NULL; the caller owns it: side_fake_destroy */
struct side_fake *side_fake_create(const char *name);

/** Aborts when an attempt is still open; clears; takes NULL. */
void side_fake_destroy(struct side_fake **fake);

/** The face that the middle sees. */
struct side *side_fake_side(struct side_fake *fake);

/** The open attempt for the message whose Call-ID or stanza id this is, or
 *  NULL. */
struct attempt *side_fake_attempt(const struct side_fake *fake,
				  const char *name);

/** End an open attempt. */
void side_fake_report(struct side_fake *fake, struct attempt *attempt,
		      const struct outcome *outcome);

/** How many attempts were given up since the last question. */
unsigned side_fake_cancelled(struct side_fake *fake);

/** How many senders are to be told of a failure by a message, since the last
 *  call; it is called failure-of-NAME. @param code_out  of the last one */
unsigned side_fake_failed(struct side_fake *fake, int *code_out);

#endif
