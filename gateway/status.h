#ifndef IMGW_GATEWAY_STATUS_H
#define IMGW_GATEWAY_STATUS_H

/** What the functions of gateway/ answer when they cannot do their work.
 *  What became of a message is an outcome (outcome.h), never a status. */

#include "enum/status.h"

enum gateway_status {
	GATEWAY_OK = 0,
	GATEWAY_NO_MEMORY,
	GATEWAY_BAD_CONFIG,   /* said in detail where it was found */
	GATEWAY_CANNOT_BIND,  /* a listen address is not to be had */
	GATEWAY_CANNOT_READ,  /* a file */
	GATEWAY_BAD_CONTENT,  /* a body that cannot be carried over */
	GATEWAY_TOO_LARGE,
	GATEWAY_STATUS_COUNT
};

/** For people: a sentence fragment. Never NULL, never empty. */
const char *gateway_status_text(enum gateway_status status);

#endif
