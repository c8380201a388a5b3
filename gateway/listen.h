#ifndef IMGW_GATEWAY_LISTEN_H
#define IMGW_GATEWAY_LISTEN_H

/** One address that we listen on; a plain value. */

#include <stdint.h>

#include "routing/hop.h"

struct listen_address {
	enum transport transport;
	char address[DNS_ADDRESS_SIZE]; /* numeric, no brackets */
	uint16_t port;
};

#endif
