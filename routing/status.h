#ifndef IMGW_ROUTING_STATUS_H
#define IMGW_ROUTING_STATUS_H

/** What the functions of routing/ answer; the texts are in status.c. */

#include "enum/status.h"

enum route_status {
	ROUTE_OK = 0,
	ROUTE_NO_MEMORY,
	ROUTE_BAD_URI,       /* does not follow the scheme's grammar */
	ROUTE_BAD_DOMAIN,    /* no FQDN: literal, single label (IM-2) */
	ROUTE_OWN_DOMAIN,    /* leads back to ourselves (SEC-12) */
	ROUTE_PRIVATE,       /* only private addresses, refused (SEC-9) */
	ROUTE_NO_SERVICE,    /* no common protocol, or "not offered" */
	ROUTE_NO_ADDRESS,    /* a host without a usable address */
	ROUTE_NXDOMAIN,      /* the number is in no ENUM tree: enumdi */
	ROUTE_NOT_FOUND,     /* the number has no usable IM address */
	ROUTE_TEMPORARY,     /* cannot tell: SERVFAIL, timeout */
	ROUTE_STATUS_COUNT
};

/** For people: a sentence fragment. Never NULL, never empty. */
const char *route_status_text(enum route_status status);

/** For scripts: a word. Never NULL, never empty. */
const char *route_status_word(enum route_status status);

#endif
